import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TRIED_AGAIN_AFTER } from '../../make-app/src/validate/blueprints.ts';
import { until } from '../../server/test/receiver.ts';
import { call } from '../hooks/setting.ts';
import { MakeError } from './engine/http.ts';
import { APP_FOLDER, type Section } from './engine/app.ts';
import { READINGS, readAs } from './engine/reading.ts';
import { openScenario, type Blueprint, type Played, type Scenario } from './engine/scenario.ts';
import { appOn, bundleOf, useApp } from './harness.ts';

/** The scenarios to import, played to their end. */

const MINUTE = 60_000;
// A claim waits for a run at work until five seconds before this.
const at = useApp({ makeDeadlineMs: 5_200 });

afterAll(() => {
  readAs(READINGS.documented);
});

/** Whether Make keeps the Execution ID of an execution that it resumes is not documented: both are played. */
const RESUMED = { 'the same': true, another: false };

const cases = Object.entries(READINGS).flatMap(([name, reading]) =>
  Object.entries(RESUMED).map(([id, keepsId]) => [name, id, reading, keepsId] as const),
);

describe.each(cases)('as %s, with %s Execution ID when resumed', (name, id, reading, keepsId) => {
  let done: unknown[] = [];
  let fails = 0;
  const work = (mapped: Section): Section => {
    if (fails > 0) {
      fails -= 1;
      throw new MakeError('RuntimeError', 'The work failed.');
    }
    done.push(mapped['data']);
    return { data: { ok: true } };
  };
  beforeEach(() => {
    readAs(reading);
    [done, fails] = [[], 0];
  });

  async function open(file: string): Promise<Scenario> {
    const text = await readFile(join(APP_FOLDER, '../blueprints', file), 'utf8');
    return openScenario(JSON.parse(text) as Blueprint, at.app.made, work, { keepsId });
  }
  let events = 0;
  const event = (): Section => {
    events += 1;
    return { id: `order-${name}-${id}-${String(events)}` };
  };
  const stored = (played: Played) => {
    if (played.end !== 'stored') throw new Error(`The run ended: ${played.end}`);
    return played.incomplete;
  };

  test('the work is done once per event', async () => {
    const scenario = await open('once.json');
    const one = event();
    expect(await scenario.deliver(one)).toEqual({ end: 'done' });
    expect(await scenario.deliver(one)).toEqual({ end: 'stopped' });
    expect(done).toHaveLength(1);
  });

  test('work that fails is kept, a redelivery meanwhile does nothing, and the resumed run does it once', async () => {
    const scenario = await open('once.json');
    const one = event();
    fails = 1;
    const incomplete = stored(await scenario.deliver(one));
    at.world.advance(45 * MINUTE);
    const meanwhile = await scenario.deliver(one);
    expect(done).toEqual([]);
    expect(await scenario.resume(incomplete)).toEqual({ end: 'done' });
    // What came meanwhile was kept too, and finds the work done.
    expect(await scenario.resume(stored(meanwhile))).toEqual({ end: 'stopped' });
    expect(done).toHaveLength(1);
  });

  test('a claim whose answer was lost is found again, and the work is done once', async () => {
    const scenario = await open('once.json');
    const one = event();
    const incomplete = stored(await losingTheAnswer(() => scenario.deliver(one)));
    // With another holder than the first, it is tried again until the first one's time has passed.
    let played: Played = { end: 'stored', incomplete };
    let passed = 0;
    for (const minute of TRIED_AGAIN_AFTER) {
      if (played.end !== 'stored') break;
      at.world.advance((minute - passed) * MINUTE);
      passed = minute;
      played = await scenario.resume(played.incomplete);
    }
    expect(played).toEqual({ end: 'done' });
    expect(done).toHaveLength(1);
  });

  describe('a message that a run died', () => {
    const died = async (): Promise<Section> => {
      const { id: key } = event();
      const app = appOn(at.app.made);
      bundleOf(await app.run('claimKey', { job: 'died', key, hold_minutes: 1 }));
      at.world.advance(MINUTE);
      let found: Section | undefined;
      await until(async () => {
        const path = `/v1/events?type=run_died&key=${encodeURIComponent(`died:${String(key)}`)}`;
        [found] = (await call<{ items: Section[] }>(at.world, 'GET', path)).items;
        return found !== undefined;
      });
      return { id: found?.['id'], key: found?.['key'] };
    };

    test('is posted once, also where the event could not be looked up at first', async () => {
      const scenario = await open('run-died.json');
      const event = await died();
      const incomplete = stored(await losingTheAnswer(() => scenario.deliver(event)));
      expect(done).toEqual([]);
      expect(await scenario.resume(incomplete)).toEqual({ end: 'done' });
      expect(done).toHaveLength(1);
    });

    test('is not posted for what somebody made up', async () => {
      const scenario = await open('run-died.json');
      expect(await scenario.deliver({ id: '7', key: 'a:b' })).toEqual({ end: 'stopped' });
      expect(done).toEqual([]);
    });
  });
});

/** The next answer does not come back, although the server has taken the request. */
async function losingTheAnswer<T>(work: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch = async (...args) => {
    globalThis.fetch = real;
    await real(...args);
    throw new Error('The connection was cut.');
  };
  return work();
}
