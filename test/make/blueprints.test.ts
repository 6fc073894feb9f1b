import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MakeError } from './engine/http.ts';
import { APP_FOLDER, type Section } from './engine/app.ts';
import { READINGS, readAs } from './engine/reading.ts';
import { openScenario, type Blueprint, type Played, type Scenario } from './engine/scenario.ts';
import { useApp } from './harness.ts';

/** The scenarios to import, played to their end. */

const MINUTE = 60_000;
const at = useApp();

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

  test.each(['once.json', 'once-with-error-handler.json'])(
    '%s does the work once per event',
    async (file) => {
      const scenario = await open(file);
      const one = event();
      expect(await scenario.deliver(one)).toEqual({ end: 'done' });
      expect(await scenario.deliver(one)).toEqual({ end: 'stopped' });
      expect(done).toHaveLength(1);
    },
  );

  test('work that fails is kept, a redelivery meanwhile does nothing, and the resumed run does it once', async () => {
    const scenario = await open('once-with-error-handler.json');
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
    let played = await scenario.resume(incomplete);
    // Another holder than the first: it is tried again until the first one's time has passed.
    if (played.end === 'stored') {
      at.world.advance(1_440 * MINUTE);
      played = await scenario.resume(played.incomplete);
    }
    expect(played).toEqual({ end: 'done' });
    expect(done).toHaveLength(1);
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
