import { continued, type Outcome, type Platform } from '../platforms/platform.ts';
import { deliverTogether } from '../sources/senders/hubspot.ts';
import { senders } from '../sources/senders/index.ts';
import type { Sender, SentDelivery } from '../sources/senders/sender.ts';
import type { Scenario } from './scenarios.ts';

/** What users are promised of keys that are made from a delivery. */

const JOB = { job: 'send-invoice', hold_minutes: 10, while_in_progress: 'stop' };

const from = (delivery: Pick<SentDelivery, 'headers' | 'payload'>, more: object = {}) => ({
  ...{ ...JOB, key_from: 'detect', headers: delivery.headers, payload: delivery.payload },
  ...more,
});

const open = async (name: string): Promise<Sender> => {
  const sender = await senders[name]?.();
  if (sender === undefined) throw new Error(`There is no sender ${name}.`);
  return sender;
};

const told = (...parts: string[]) => ({
  kind: 'told',
  message: expect.stringMatching(parts.join('.*')) as unknown,
});

const detected = (name: string): Scenario => ({
  name: `an event of ${name} that is delivered again is claimed once, found by its key, and completed`,
  play: async (platform) => {
    const sender = await open(name);
    const outputs = continued(await platform.run('claimKey', from(sender.deliver(0, 0))));
    expect(outputs).toMatchObject({ proceed: true, source: sender.source });
    const key = String(outputs['key']).slice('send-invoice:'.length);
    await platform.run('completeKey', { claim_token: outputs['claim_token'], result: 'INV-1042' });
    expect((await platform.run('claimKey', from(sender.deliver(0, 1)))).kind).toBe('stopped');
    expect(continued(await platform.run('claimKey', from(sender.deliver(1, 0))))).toMatchObject({
      proceed: true,
    });
    const again = from(sender.deliver(0, 1), { on_duplicate: 'continue' });
    expect(continued(await platform.run('claimKey', again))).toMatchObject({
      ...{ proceed: false, key: outputs['key'], source: sender.source, result: 'INV-1042' },
    });
    expect(continued(await platform.run('getKey', { job: JOB.job, key }))).toMatchObject({
      status: 'completed',
    });
  },
});

/** Claims by what the payload holds, and completes. */
async function derived(platform: Platform, payload: unknown, more: object): Promise<Outcome> {
  const outcome = await platform.run('claimKey', { ...JOB, payload, ...more });
  if (outcome.kind === 'continued')
    await platform.run('completeKey', { claim_token: outcome.outputs['claim_token'] });
  return outcome;
}

export const deliveryScenarios: readonly Scenario[] = [
  ...['stripe', 'github', 'shopify', 'another sender'].map(detected),
  {
    name: 'a delivery that was forged is refused by a sentence, and claims nothing',
    play: async (platform) => {
      const github = await open('github');
      const signed = (delivery: SentDelivery) =>
        platform.run('claimKey', from(delivery, { signing_secret: github.secret }));
      const { headers, payload } = github.deliver(0, 0);
      const forged = { headers, payload: payload.replace('{', '{"forged":true,') };
      expect(await signed(forged)).toEqual(told('The signature does not match.'));
      expect(continued(await signed({ headers, payload }))).toMatchObject({ proceed: true, attempt: 1 });
    },
  },
  {
    name: 'a delivery of several events is refused, and the sentence says how many',
    play: async (platform) => {
      const outcome = await platform.run('claimKey', from(deliverTogether([0, 1, 2], 0)));
      expect(outcome).toEqual(told('holds 3 events', 'a claim is for one'));
    },
  },
  {
    name: 'chosen fields make the key, whatever else a delivery holds',
    play: async (platform) => {
      const claim = (id: number, at: string) =>
        derived(platform, { order: { id }, at }, { key_from: 'fields', fields: ['order.id'] });
      expect(continued(await claim(7, 'monday'))).toMatchObject({ proceed: true, source: 'generic' });
      expect((await claim(7, 'tuesday')).kind).toBe('stopped');
      expect(continued(await claim(8, 'monday'))).toMatchObject({ proceed: true });
    },
  },
  {
    name: 'a chosen field that is missing is named, and nothing is claimed',
    play: async (platform) => {
      const outcome = await derived(platform, { order: {} }, { key_from: 'fields', fields: ['order.id'] });
      expect(outcome).toEqual(told('order.id'));
    },
  },
  {
    name: 'the whole payload makes the key, and nothing is left out by its name',
    play: async (platform) => {
      const claim = (id: number, attempt: number) =>
        derived(platform, { id, attempt }, { key_from: 'whole' });
      expect(continued(await claim(7, 1))).toMatchObject({ proceed: true });
      expect((await claim(7, 1)).kind).toBe('stopped');
      expect(continued(await claim(7, 2))).toMatchObject({ proceed: true });
      expect(continued(await claim(8, 1))).toMatchObject({ proceed: true });
      expect(await derived(platform, {}, { key_from: 'whole' })).toEqual(told('is empty'));
    },
  },
  {
    name: 'an event is checked once by what its sender keeps',
    play: async (platform) => {
      const stripe = await open('stripe');
      const check = (event: number, attempt: number) => {
        const { headers, payload } = stripe.deliver(event, attempt);
        return platform.run('lockKey', { job: JOB.job, key_from: 'detect', headers, payload });
      };
      expect(continued(await check(0, 0))).toMatchObject({ proceed: true, source: 'stripe' });
      expect((await check(0, 1)).kind).toBe('stopped');
      expect(continued(await check(1, 0))).toMatchObject({ proceed: true });
    },
  },
];
