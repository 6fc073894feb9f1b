import Stripe from 'stripe';
import { openWorld, type World } from '../world.ts';
import { openCharges, type Charges } from './charges.ts';
import { atOnce, Declined, DUPLICATES, runWith, runWithout, type Effect } from './runs.ts';

const EVENT = { job: 'charge', key: 'order-1042', while_in_progress: 'stop' };

let world: World;
let charges: Charges;
beforeEach(async () => {
  world = await openWorld();
  charges = await openCharges();
});
afterEach(async () => {
  await charges.close();
  await world.close();
});

/** By Stripe's own library, with the key that the claim gave, or else one that the library makes up. */
const charge: Effect = async ({ idempotency_key: key }) => {
  const stripe = new Stripe('sk_test_none', {
    ...{
      host: '127.0.0.1',
      port: charges.port,
      protocol: 'http' as const,
      maxNetworkRetries: 0,
      telemetry: false,
    },
  });
  const options = typeof key === 'string' ? { idempotencyKey: key } : { idempotencyKey: crypto.randomUUID() };
  try {
    const { id } = await stripe.paymentIntents.create({ amount: 4_200, currency: 'eur' }, options);
    return { id };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) throw new Declined();
    throw error;
  }
};

test('without the steps, each duplicate charges', async () => {
  await atOnce(() => runWithout(charge));
  expect(charges.made).toHaveLength(DUPLICATES);
});

test('with them, one charge', async () => {
  const outcomes = await atOnce(() => runWith(world, EVENT, charge));
  expect(charges.made).toEqual([4_200]);
  expect(outcomes.filter(({ kind }) => kind === 'continued')).toHaveLength(1);
});

test('a run that charges and dies is taken over with its idempotency key: one charge', async () => {
  const dies: Effect = async (claimed) => {
    await charge(claimed);
    await new Promise(() => undefined);
  };
  void runWith(world, { ...EVENT, hold_minutes: 1 }, dies);
  while (charges.made.length === 0) await new Promise(setImmediate);
  world.advance(60_000);
  await atOnce(() => runWith(world, EVENT, charge));
  expect(charges.made).toEqual([4_200]);
});

test('a stored decline does not stand in the way of the next attempt, which has another key: one charge', async () => {
  charges.declines = true;
  await runWith(world, EVENT, charge);
  charges.declines = false;
  await atOnce(() => runWith(world, EVENT, charge));
  expect(charges.made).toEqual([4_200]);
});

test('under one key of its own, a decline is repeated for ever', async () => {
  charges.declines = true;
  await expect(charge({ idempotency_key: 'order-1042' })).rejects.toThrow(Declined);
  charges.declines = false;
  await expect(charge({ idempotency_key: 'order-1042' })).rejects.toThrow(Declined);
  expect(charges.made).toEqual([]);
});
