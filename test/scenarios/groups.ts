import { continued, type Outcome, type Platform } from '../platforms/platform.ts';
import type { World } from '../world.ts';
import type { Scenario } from './scenarios.ts';

const MINUTE = 60_000;
const JOB = { job: 'sync-contact', hold_minutes: 10 };

const claim = (platform: Platform, inputs: Record<string, unknown>): Promise<Outcome> =>
  platform.run('claimKey', { ...JOB, ...inputs });

/** A change of a record: its Key is the ID of the record. */
const change = (platform: Platform, sequence: string, inputs: Record<string, unknown> = {}) =>
  claim(platform, { key: 'contact-17', sequence, ...inputs });

const complete = (platform: Platform, outcome: Outcome): Promise<Outcome> =>
  platform.run('completeKey', { claim_token: continued(outcome)['claim_token'] });

const OLDER = '2026-11-25T08:00:00Z';
const NEWER = '2026-11-25T08:00:01Z';

/** One at a time, newer only, and watch only, on every platform and store. */
export const groupScenarios: readonly Scenario[] = [
  {
    name: 'an older change that comes after a newer one stops quietly, and is no duplicate',
    play: async (platform) => {
      await complete(platform, await change(platform, NEWER));
      expect(await change(platform, OLDER)).toMatchObject({
        kind: 'stopped',
        message: expect.stringMatching(
          /^Older change: a newer version \(25 Nov.* is already done/,
        ) as unknown,
      });
      const told = continued(await change(platform, OLDER, { on_duplicate: 'continue' }));
      expect(told).toMatchObject({
        proceed: false,
        duplicate: false,
        status: 'stale',
        newest_version: NEWER,
      });
      expect(await change(platform, NEWER)).toMatchObject({
        kind: 'stopped',
        message: expect.stringMatching(/^Duplicate: /) as unknown,
      });
      await complete(platform, await change(platform, '2026-11-25T08:00:02.000+00:00'));
    },
  },
  {
    name: 'of two changes at once the second waits for its turn, and is never stopped, whatever was chosen',
    play: async (platform) => {
      const older = await change(platform, OLDER);
      for (const chosen of [{}, { while_in_progress: 'stop' }, { on_duplicate: 'continue' }]) {
        const told = await change(platform, NEWER, chosen);
        expect(told).toMatchObject({
          kind: 'later',
          message: expect.stringMatching(
            /“sync-contact:contact-17” \(25 Nov( 2026)?, 08:00:00 UTC\) is at work/,
          ) as unknown,
        });
        expect(told).not.toMatchObject({ message: expect.stringContaining('answer was lost') as unknown });
      }
      await complete(platform, older);
      const newer = await change(platform, NEWER);
      expect(continued(newer)).toMatchObject({
        ...{ proceed: true, attempt: 1, key: `sync-contact:contact-17:${NEWER}` },
      });
      await complete(platform, newer);
    },
  },
  {
    name: 'after a crash of the newer change’s run an older one may go on, and the newer one is done again',
    play: async (platform, world) => {
      const died = await change(platform, NEWER);
      world.advance(10 * MINUTE);
      const older = await change(platform, OLDER);
      // Nobody is known to have done its work, so that it never ends quietly.
      const { claim_token } = continued(died);
      expect(await platform.run('extendClaim', { claim_token })).toMatchObject({
        kind: 'told',
        message: expect.stringContaining('Check whether the work is still to be done') as unknown,
      });
      await complete(platform, older);
      expect(await complete(platform, died)).toMatchObject({ kind: 'told' });
      const again = await change(platform, NEWER);
      expect(continued(again)).toMatchObject({ proceed: true, attempt: 2 });
      await complete(platform, again);
      expect(await change(platform, OLDER)).toMatchObject({ kind: 'stopped' });
    },
  },
  {
    name: 'with “Stop and ask me” an older change waits for a person, as long as the newer one does',
    play: async (platform, world) => {
      await change(platform, NEWER, { if_run_died: 'block' });
      world.advance(10 * MINUTE);
      expect(await change(platform, OLDER)).toMatchObject({
        kind: 'told',
        message: expect.stringMatching(
          /a newer change, “sync-contact:contact-17” \(25 Nov( 2026)?, 08:00:01 UTC\), died/,
        ) as unknown,
      });
    },
  },
  {
    name: 'two runs about one customer do not overlap, and both are done',
    play: async (platform) => {
      const customer = { group: 'customer-17' };
      const order = await claim(platform, { key: 'order-1', ...customer });
      const other = await claim(platform, { job: 'send-letter', key: 'letter-1', ...customer });
      expect(other).toMatchObject({ kind: 'later' });
      continued(await claim(platform, { key: 'order-2', group: 'customer-18' }));
      await complete(platform, order);
      await complete(platform, await claim(platform, { job: 'send-letter', key: 'letter-1', ...customer }));
      expect(await claim(platform, { key: 'order-1', ...customer })).toMatchObject({ kind: 'stopped' });
    },
  },
  {
    name: 'what is no version is refused by its name, and so is a number where dates were used',
    play: async (platform) => {
      expect(await change(platform, '25/11/2026')).toMatchObject({
        kind: 'told',
        message: expect.stringContaining(
          '“25/11/2026”. It must be a number such as 42, or a date',
        ) as unknown,
      });
      await complete(platform, await change(platform, OLDER));
      expect(await change(platform, '7')).toMatchObject({ kind: 'told' });
    },
  },
  {
    name: 'watch only: ten duplicates all go on, and ten are counted',
    play: async (platform, world) => {
      const watch = (): Promise<Outcome> => claim(platform, { key: 'evt_1', on_duplicate: 'watch' });
      const first = continued(await watch());
      expect(first).toMatchObject({ proceed: true, would_have_stopped: false, status: 'claimed' });
      await platform.run('completeKey', { claim_token: first['claim_token'], result: 'first' });
      for (let nth = 0; nth < 10; nth += 1) {
        const outputs = continued(await watch());
        expect(outputs).toMatchObject({ proceed: true, would_have_stopped: true, status: 'completed' });
        const ended = await platform.run('completeKey', {
          claim_token: outputs['claim_token'],
          result: 'again',
        });
        expect(continued(ended)).toMatchObject({ completed: false, status: 'watched' });
      }
      const kept = continued(await platform.run('getKey', { job: JOB.job, key: 'evt_1' }));
      expect(kept).toMatchObject({ status: 'completed', result: 'first' });
      expect(await eventsOf(world)).toEqual({ claimed: 1, completed: 1, watched: 10 });
    },
  },
  {
    name: 'watch only: nothing is stopped where OnceOnly cannot check',
    play: async (platform) => {
      const outputs = continued(await change(platform, '25/11/2026', { on_duplicate: 'watch' }));
      expect(outputs).toMatchObject({ proceed: true, would_have_stopped: true, status: 'not_checked' });
      const { claim_token } = outputs;
      for (const id of ['extendClaim', 'failKey', 'completeKey', 'releaseKey'] as const) {
        const ended = await platform.run(id, { claim_token, ...(id === 'failKey' && { reason: 'boom' }) });
        expect(continued(ended)).toMatchObject({
          status: 'watched',
          message: expect.stringContaining('Nothing was changed') as unknown,
        });
      }
    },
  },
];

async function eventsOf({ baseUrl, operatorKey }: World): Promise<Record<string, number>> {
  const response = await fetch(`${baseUrl}/v1/events?limit=100`, {
    headers: { authorization: `Bearer ${operatorKey}` },
  });
  const { items } = (await response.json()) as { items: readonly { type: string }[] };
  return Object.fromEntries(
    [...Map.groupBy(items, ({ type }) => type)].map(([type, of]) => [type, of.length]),
  );
}
