import type { TriggerId } from '@onceonly/shared';
import { openZapierHook, type ZapierHook } from '../platforms/zapier-hook.ts';
import { openTrigger } from '../platforms/zapier-trigger.ts';
import { hooksOf, subscribedBy } from './hooks.ts';
import { useZapier } from './setting.ts';
import { until } from './until.ts';

/** From the server's own deliveries to a Zap that starts. */

const MINUTE = 60_000;

const setting = useZapier();
let hook: ZapierHook;

beforeAll(() => {
  // The app looks at the real time to tell how old a delivery is.
  setting.world.advance(Date.now() - setting.world.now());
});
beforeEach(async () => {
  hook = await openZapierHook();
});
afterEach(() => hook.close());

const claim = (inputs = {}): Promise<Record<string, unknown>> =>
  setting.outputs('claimKey', { ...setting.event, hold_minutes: '1', ...inputs });

const first = async () => {
  await until(
    () => hook.received.length,
    (count) => count > 0,
  );
  const [received] = hook.received;
  if (received === undefined) throw new Error('Nothing was delivered.');
  return received;
};

test('a run that died starts the Zap that waits for it, once, and no other', async () => {
  const { job, key } = setting.event;
  const runDied = openTrigger(setting.zapier, 'runDied', { job });
  const failed = openTrigger(setting.zapier, 'keyFailed', { job });
  const withDeathReported = await subscribedBy(runDied, hook.url);
  const toldOfFailure = await subscribedBy(failed, hook.url);
  await claim();
  setting.world.advance(MINUTE);

  const delivery = await first();
  expect(await runDied.perform(delivery, withDeathReported)).toMatchObject({
    events: [
      {
        job,
        event_key: key,
        key: `${job}:${key}`,
        attempt: 1,
        message: expect.stringMatching(/^Run Died: /),
      },
    ],
  });
  expect(await failed.perform(delivery, toldOfFailure)).toMatchObject({ error: { name: 'HaltedError' } });
  const changed = { ...delivery, content: delivery.content.replace(key, 'another') };
  expect(await runDied.perform(changed, withDeathReported)).toMatchObject({
    error: { name: 'HaltedError' },
  });

  await runDied.unsubscribe(withDeathReported);
  await failed.unsubscribe(toldOfFailure);
  expect(await hooksOf(setting.world)).toEqual([]);
  expect(hook.received).toHaveLength(1);
});

type Tell = (job: string) => Promise<unknown>;

const tell: Readonly<Record<Exclude<TriggerId, 'runDied'>, Tell>> = {
  keyFailed: async (job) => {
    const { claim_token } = await claim({ job });
    await setting.outputs('failKey', { claim_token, reason: 'card declined', retryable: 'false' });
  },
  keyExhausted: async (job) => {
    const once = { job, max_attempts: '1' };
    const { claim_token } = await claim(once);
    await setting.outputs('failKey', { claim_token, reason: 'timeout' });
    await setting.error('claimKey', { ...setting.event, ...once });
  },
  needsDecision: async (job) => {
    const blocked = { job, if_run_died: 'block' };
    await claim(blocked);
    setting.world.advance(MINUTE);
    await setting.error('claimKey', { ...setting.event, ...blocked });
  },
  duplicateStopped: async (job) => {
    const { claim_token } = await claim({ job });
    await setting.outputs('completeKey', { claim_token });
    await setting.error('claimKey', { ...setting.event, job });
  },
};

test.each(Object.keys(tell) as (keyof typeof tell)[])(
  '%s hears of its own event from the server, and lists it alike',
  async (id) => {
    const trigger = openTrigger(setting.zapier, id, { job: id });
    const subscribed = await subscribedBy(trigger, hook.url);
    await tell[id](id);
    const started = await trigger.perform(await first(), subscribed);
    expect(started).toMatchObject({ events: [{ job: id, event_key: setting.event.key }] });
    expect(started).toEqual(await trigger.list());
    await trigger.unsubscribe(subscribed);
  },
);
