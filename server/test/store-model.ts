import fc from 'fast-check';
import type { Act } from './store/acts.ts';
import { NOON, type OpenStore } from './store/fixture.ts';
import { createModel } from './store/model.ts';

const KEYS = ['a', 'b', 'a/b'];
const HOLDERS = ['h1', 'h2', null];
const RUNS = ['r1', 'r2', null];
const SECONDS = [1, 10, 60];
/** Milliseconds: within a lease, to its very end, past it, past all memory of it, and back. */
const STEPS = [1, 999, 1_000, 10_000, 60_000, 700_000_000, -5_000];

/** Mostly none, since it counts as the one that the key has. */
const PLACES = [
  [null, null],
  [null, null],
  [null, null],
  ['g', null],
  ['g', 'n1'],
  ['g', 'n2'],
  ['g', 'n3'],
  ['g', 'd3'],
  ['h', 'n1'],
] as const;

const key = fc.constantFrom(...KEYS);
/** Of the key's leases so far: how many back. Mostly the current one, or the one before. */
const back = fc.constantFrom(0, 0, 0, 0, 1, 1, 2);
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('step'), ms: fc.constantFrom(...STEPS) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('claim'),
      key,
      holder: fc.constantFrom(...HOLDERS),
      run: fc.constantFrom(...RUNS),
      ttlSeconds: fc.constantFrom(...SECONDS),
      retentionSeconds: seldom(fc.constantFrom(...SECONDS)),
      onExpired: seldom(fc.constantFrom('retry', 'block')),
      maxAttempts: seldom(fc.integer({ min: 1, max: 3 })),
      fingerprint: fc.option(fc.constantFrom('f1', 'f2'), { nil: null, freq: 1 }),
      place: fc.constantFrom(...PLACES),
      metadata: seldom(fc.constantFrom('{}', '{"m":1}')),
      origin: seldom(fc.constantFrom('{"platform":"n8n"}', '{"platform":"make"}')),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('complete'),
      key,
      back,
      result: fc.constantFrom('"one"', '"two"', '""'),
      rejectEmpty: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('fail'),
      key,
      back,
      errorCode: fc.constantFrom('e1', 'e2'),
      retryable: fc.boolean(),
      noEffect: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('extend'), key, back, ttlSeconds: seldom(fc.constant(30)) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel'), key, back }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('failRun'), run: fc.constantFrom('r1', 'r2') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('resolve'),
      key,
      stale: fc.constantFrom(0, 0, 0, 1),
      to: fc.constantFrom('completed', 'failed', 'released'),
      retryable: fc.boolean(),
      reason: seldom(fc.constant('why')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read'), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clearMark'), group: fc.constant('g') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lock'),
      key,
      holder: fc.constantFrom(...HOLDERS),
      ttlSeconds: fc.constantFrom(...SECONDS),
    }),
  },
);

/**
 * A store and a small model of it, written from the life table and sharing no code with the store, answer random
 * commands alike. fast-check prints the seed and the shortest sequence where they do not.
 */
export function agreesWithModel(name: string, open: OpenStore, options: { readonly runs: number }): void {
  it(`${name} answers random commands as the life table says`, async () => {
    let clock = NOON;
    // The store's own time: the latest that it was ever asked at.
    let at = NOON;
    const store = await open(() => clock);
    let tenants = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
          // A tenant a sequence: one store serves them all, and its time goes on.
          tenants += 1;
          clock = at;
          const model = createModel(`tenant ${String(tenants)}`);
          // A store may keep a time for each tenant: it has heard of this one's.
          await model.compare({ do: 'read', key: 'a' }, store.claims, at);
          for (const each of [...acts, ...KEYS.map((name): Act => ({ do: 'read', key: name }))]) {
            if (each.do === 'step') {
              clock += each.ms;
            } else {
              at = Math.max(at, clock);
              await model.compare(each, store.claims, at);
            }
          }
        }),
        { numRuns: options.runs },
      );
    } finally {
      await store.close();
    }
  });
}
