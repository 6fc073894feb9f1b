import { continued, type Outcome, type Platform } from '../platforms/platform.ts';
import type { World } from '../world.ts';

/** What users are promised, on every platform and every store. */
export interface Scenario {
  readonly name: string;
  play(platform: Platform, world: World): Promise<void>;
}

const MINUTE = 60_000;
const EVENT = { job: 'send-invoice', key: 'evt_1', hold_minutes: 10 };

const claim = async (platform: Platform, inputs: Record<string, unknown> = {}): Promise<Outcome> =>
  platform.run('claimKey', { ...EVENT, ...inputs });

const claimToken = async (platform: Platform, inputs: Record<string, unknown> = {}): Promise<unknown> =>
  continued(await claim(platform, inputs))['claim_token'];

export const scenarios: readonly Scenario[] = [
  {
    name: 'of fifty deliveries at once, one run goes on and the others stop quietly',
    play: async (platform) => {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const outcome = await claim(platform, { while_in_progress: 'stop' });
          if (outcome.kind === 'continued') {
            await platform.run('completeKey', { claim_token: outcome.outputs['claim_token'] });
          }
          return outcome;
        }),
      );
      expect(outcomes.filter(({ kind }) => kind === 'continued')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'stopped')).toHaveLength(49);
    },
  },
  {
    name: 'a delivery after the work is done stops, and says what came of it',
    play: async (platform) => {
      await platform.run('completeKey', { claim_token: await claimToken(platform) });
      expect(await claim(platform)).toEqual({
        kind: 'stopped',
        message: expect.stringMatching(/Duplicate: “send-invoice:evt_1” was already handled on 25 Nov/),
      });
    },
  },
  {
    name: 'a duplicate may continue, with Proceed false and the first result',
    play: async (platform) => {
      await platform.run('completeKey', { claim_token: await claimToken(platform), result: 'INV-1042' });
      expect(continued(await claim(platform, { on_duplicate: 'continue' }))).toMatchObject({
        proceed: false,
        duplicate: true,
        status: 'completed',
        claim_token: null,
        result: 'INV-1042',
      });
    },
  },
  {
    name: 'two jobs of one event both run',
    play: async (platform) => {
      await platform.run('completeKey', { claim_token: await claimToken(platform) });
      expect(continued(await claim(platform, { job: 'update-crm' }))).toMatchObject({ proceed: true });
    },
  },
  {
    name: 'a run that died is taken over once its claim ends, and comes too late itself',
    play: async (platform, world) => {
      const dead = await claimToken(platform);
      world.advance(10 * MINUTE);
      const second = continued(await claim(platform));
      expect(second).toMatchObject({ proceed: true });
      // The work may have been done twice: the user hears of it.
      expect(await platform.run('completeKey', { claim_token: dead })).toEqual({
        kind: 'told',
        message: expect.stringContaining('another run has taken over'),
      });
      expect(
        continued(await platform.run('completeKey', { claim_token: second['claim_token'] })),
      ).toMatchObject({
        completed: true,
      });
    },
  },
  {
    name: 'a slow run that nobody took over still completes',
    play: async (platform, world) => {
      const slow = await claimToken(platform);
      world.advance(60 * MINUTE);
      expect(continued(await platform.run('completeKey', { claim_token: slow }))).toMatchObject({
        completed: true,
      });
      expect((await claim(platform)).kind).toBe('stopped');
    },
  },
  {
    name: 'a claim that was extended is not taken over',
    play: async (platform, world) => {
      const token = await claimToken(platform);
      world.advance(9 * MINUTE);
      expect(
        continued(await platform.run('extendClaim', { claim_token: token, hold_minutes: 10 })),
      ).toMatchObject({
        extended: true,
        hold_seconds: 600,
      });
      world.advance(9 * MINUTE);
      expect((await claim(platform, { while_in_progress: 'stop' })).kind).toBe('stopped');
    },
  },
  {
    name: 'while a run is at work, another is tried again later',
    play: async (platform) => {
      await claimToken(platform);
      expect((await claim(platform, { while_in_progress: 'retry_later' })).kind).toBe('later');
    },
  },
  {
    name: 'a failure that may be tried again frees the key for the next run',
    play: async (platform) => {
      const token = await claimToken(platform);
      expect(
        continued(await platform.run('failKey', { claim_token: token, reason: 'mailbox full' })),
      ).toMatchObject({
        failed: true,
      });
      expect(continued(await claim(platform))).toMatchObject({ proceed: true });
    },
  },
  {
    name: 'a run is told which attempt it is, after a failure and after a death',
    play: async (platform, world) => {
      const first = continued(await claim(platform));
      await platform.run('failKey', { claim_token: first['claim_token'], reason: 'mailbox full' });
      const second = continued(await claim(platform));
      world.advance(10 * MINUTE);
      const third = continued(await claim(platform));
      const other = continued(await claim(platform, { job: 'update-crm' }));
      expect([first, second, third, other].map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1]);
    },
  },
  {
    name: 'a failure for good is told, with its reason',
    play: async (platform) => {
      const token = await claimToken(platform);
      await platform.run('failKey', { claim_token: token, reason: 'card declined', retryable: false });
      expect(await claim(platform)).toEqual({
        kind: 'told',
        message: expect.stringContaining('card declined'),
      });
    },
  },
  {
    name: 'a key whose attempts are used up is told, with its last reason',
    play: async (platform) => {
      for (const attempt of [1, 2]) {
        const outputs = continued(await claim(platform, { max_attempts: 2 }));
        expect(outputs).toMatchObject({ attempt });
        await platform.run('failKey', {
          claim_token: outputs['claim_token'],
          reason: `failure ${String(attempt)}`,
        });
      }
      expect(await claim(platform, { max_attempts: 2 })).toEqual({
        kind: 'told',
        message: expect.stringContaining('failure 2'),
      });
    },
  },
  {
    name: 'where a person is to decide, a run that died is told, not repeated',
    play: async (platform, world) => {
      await claimToken(platform, { if_run_died: 'block' });
      world.advance(10 * MINUTE);
      expect(await claim(platform)).toEqual({
        kind: 'told',
        message: expect.stringMatching(/nobody knows/i),
      });
    },
  },
  {
    name: 'what happened says on which platform it did, and every run that was stopped counts once',
    play: async (platform, { baseUrl, apiKey }) => {
      await platform.run('completeKey', { claim_token: await claimToken(platform) });
      for (let nth = 0; nth < 2; nth += 1) expect((await claim(platform)).kind).toBe('stopped');
      await platform.run('lockKey', { job: EVENT.job, key: EVENT.key });
      const headers = { authorization: `Bearer ${apiKey}` };
      const events = await fetch(`${baseUrl}/v1/events`, { headers });
      const { items } = (await events.json()) as { items: { type: string; platform: string | null }[] };
      expect(items.map(({ type, platform: where }) => [type, where])).toEqual([
        ['claimed', platform.name],
        ['duplicate', platform.name],
        ['duplicate', platform.name],
        ['completed', platform.name],
        ['claimed', platform.name],
      ]);
    },
  },
  {
    name: 'a released key goes to the next run',
    play: async (platform) => {
      const token = await claimToken(platform);
      expect(continued(await platform.run('releaseKey', { claim_token: token }))).toMatchObject({
        released: true,
      });
      expect(continued(await claim(platform))).toMatchObject({ proceed: true });
    },
  },
  {
    name: 'an empty result is not stored as done, where that is asked for',
    play: async (platform) => {
      const token = await claimToken(platform);
      const inputs = { claim_token: token, result: '  ', reject_empty: true };
      expect(continued(await platform.run('completeKey', inputs))).toMatchObject({
        completed: false,
        status: 'failed',
        error_code: 'empty_output',
      });
      expect(continued(await claim(platform))).toMatchObject({ proceed: true, attempt: 2 });
    },
  },
  {
    name: 'a key can be looked up at any time, known or not',
    play: async (platform) => {
      const lookUp = async () => continued(await platform.run('getKey', { job: EVENT.job, key: EVENT.key }));
      expect(await lookUp()).toMatchObject({ exists: false, status: null });
      const token = await claimToken(platform);
      expect(await lookUp()).toMatchObject({ exists: true, status: 'in_progress', attempt: 1 });
      await platform.run('completeKey', { claim_token: token, result: { invoice: 'INV-1042' } });
      expect(await lookUp()).toMatchObject({
        exists: true,
        status: 'completed',
        result: { invoice: 'INV-1042' },
      });
    },
  },
  {
    name: 'a key that is checked once lets one run go on, and the next after its time',
    play: async (platform, world) => {
      const check = () => platform.run('lockKey', { job: EVENT.job, key: EVENT.key, remember_minutes: 10 });
      expect(continued(await check())).toMatchObject({ proceed: true, duplicate: false });
      expect((await check()).kind).toBe('stopped');
      world.advance(10 * MINUTE);
      expect(continued(await check())).toMatchObject({ proceed: true });
    },
  },
];
