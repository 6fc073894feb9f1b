import axios from 'axios';
import { runOn, runWithout, type Effect } from '../effects/runs.ts';
import type { Platform } from '../platforms/platform.ts';
import { openSink, type Sink } from '../storm/sink.ts';
import { openWorld, type World } from '../world.ts';
import { codeIn, type PlatformName } from './guide.ts';
import { detectOn, enteredIn, keyOn, openRecipes, recipeFor, type Recipe } from './recipes.ts';

/** Three events, each delivered four times at once: twice, and as the sender sends it again. */
const EVENTS = [0, 1, 2];
const ATTEMPTS = [0, 0, 1, 2];

export interface Played {
  /** Each event of the source is done once, and without the steps at each delivery. */
  expectDoneOnce(source: string): Promise<void>;
  /** What came back empty is not done, is tried again, and given up in the end. */
  expectEmptyGivenUp(): Promise<void>;
}

/** For a test file: the recipes of the guides on a platform. */
export function useRecipes(name: PlatformName, open: (world: World) => Promise<Platform>): Played {
  let recipes: readonly Recipe[];
  let world: World;
  let sink: Sink;
  let platform: Platform;
  beforeAll(async () => {
    recipes = await openRecipes();
    world = await openWorld();
    platform = await open(world);
  });
  afterAll(async () => {
    await platform.close();
    await world.close();
  });
  beforeEach(async () => {
    sink = await openSink();
  });
  afterEach(() => sink.close());

  const work =
    (name: string): Effect =>
    async () => {
      const headers = { 'x-github-delivery': name };
      return (await axios.post<unknown>(sink.url, {}, { headers, proxy: false })).data;
    };
  const deliverAll = (run: (event: number, attempt: number) => Promise<unknown>): Promise<unknown> =>
    Promise.all(EVENTS.flatMap((event) => ATTEMPTS.map((attempt) => run(event, attempt))));

  return {
    expectDoneOnce: async (source) => {
      const recipe = recipeFor(recipes, source);
      const shown: unknown[] = [];
      await deliverAll((event) => runWithout(work(`unguarded ${String(event)}`)));
      await deliverAll((event, attempt) => {
        const key = keyOn(name, recipe, recipe.deliver(event, attempt));
        const inputs = { job: codeIn(enteredIn(recipe, 'Job Name')[name]), key, while_in_progress: 'stop' };
        return runOn(platform, inputs, (claimed) => {
          shown.push([claimed['proceed'], claimed['key'] === `${inputs.job}:${key}`]);
          return work(`by key ${String(event)}`)(claimed);
        });
      });
      // As the guides say that a test shows it.
      expect(shown).toEqual(EVENTS.map(() => [true, true]));
      if (recipe.detectedOn.includes(name))
        await deliverAll((event, attempt) => {
          const given = { key_from: 'detect', ...detectOn(name)(recipe.deliver(event, attempt)) };
          const inputs = { job: `detect ${source}`, ...given, while_in_progress: 'stop' };
          return runOn(platform, inputs, work(`detected ${String(event)}`));
        });
      const done = (how: string, times: number): Readonly<Record<string, number>> =>
        Object.fromEntries(EVENTS.map((event) => [`${how} ${String(event)}`, times]));
      expect(Object.fromEntries(sink.records)).toEqual({
        ...done('unguarded', ATTEMPTS.length),
        ...done('by key', 1),
        ...(recipe.detectedOn.includes(name) ? done('detected', 1) : {}),
      });
    },

    expectEmptyGivenUp: async () => {
      const event = { job: 'answer ticket', key: 'ticket-1', max_attempts: 2 };
      const answer = async (result: unknown) => {
        const claimed = await platform.run('claimKey', event);
        if (claimed.kind !== 'continued') return claimed;
        const { claim_token } = claimed.outputs;
        return platform.run('completeKey', { claim_token, result, reject_empty: true });
      };
      const silent = { choices: [{ message: { content: '<think>Hm.</think>' }, finish_reason: 'stop' }] };
      const failed = { kind: 'continued', outputs: { completed: false, error_code: 'empty_output' } };
      expect(await answer(JSON.stringify(silent))).toMatchObject(failed);
      expect(await answer('')).toMatchObject(failed);
      expect(await answer('too late')).toMatchObject({ kind: 'told' });
    },
  };
}
