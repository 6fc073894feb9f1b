import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveKeys, sources, type Derived, type GivenDelivery, type Json } from '@onceonly/shared';
import { isObject } from '@onceonly/shared/json.ts';
import { openWorld, sqlite, type World } from '../world.ts';
import { openExamples } from './senders/all-examples.ts';
import { textOf, type Example, type Examples } from './senders/examples.ts';

/** Every sender of the registry, over the client and over HTTP. */

let world: World;
let all: readonly Examples[];
beforeAll(async () => {
  [world, all] = await Promise.all([openWorld(sqlite), openExamples()]);
});
afterAll(() => world.close());

const DECLARATIONS = join(import.meta.dirname, '../../shared/src/sources/senders');
const given = (example: Example): GivenDelivery => ({
  headers: example.headers ?? {},
  payload: textOf(example),
});

/** As the server and the client tell it, which must be the same. */
async function derive(
  delivery: GivenDelivery,
): Promise<Pick<Derived, 'source' | 'keys' | 'madeFrom'> | string> {
  const response = await fetch(`${world.baseUrl}/v1/keys/derive`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(delivery),
  });
  const told = (await response.json()) as Derived & { made_from: string; detail: readonly { msg: string }[] };
  const here = deriveKeys(delivery);
  if ('field' in here) {
    expect([response.status, told.detail[0]?.msg]).toEqual([422, here.message]);
    return here.message;
  }
  const { source, keys, madeFrom } = here;
  expect(told).toMatchObject({ source, keys, made_from: madeFrom });
  return { source, keys, madeFrom };
}

test('every sender is held to examples, and is declared in at most 40 lines', () => {
  // Never detected, only chosen: shared/test/sources/stripe-object.test.ts holds it.
  const held = new Set([...all.map(({ source }) => source), 'stripe_object']);
  expect(sources.map(({ id }) => id).filter((id) => !held.has(id))).toEqual([]);
  for (const file of readdirSync(DECLARATIONS)) {
    const lines = readFileSync(join(DECLARATIONS, file), 'utf8').split('\n').length - 1;
    expect([file, lines <= 40]).toEqual([file, true]);
  }
});

test('an event that is sent again has the same key and fingerprint, another one another key', async () => {
  for (const { source, events } of all) {
    for (const { first, again, other } of events) {
      const derived = await derive(given(first));
      expect([source, derived]).toMatchObject([
        source,
        { source, keys: [{ key: expect.any(String) }], madeFrom: expect.stringMatching(/./) },
      ]);
      expect([source, await derive(given(again))]).toMatchObject([
        source,
        { source, keys: (derived as Derived).keys },
      ]);
      const another = await derive(given(other));
      expect([source, another]).toMatchObject([source, { source, keys: [expect.anything()] }]);
      expect((another as Derived).keys[0].key).not.toBe((derived as Derived).keys[0].key);
    }
  }
});

test('what names no event is refused with what to do instead; of several events each has a key', async () => {
  for (const { source, refused = [], several = [] } of all) {
    for (const { says, ...example } of refused) {
      expect([source, await derive(given(example))]).toEqual([source, expect.stringContaining(says)]);
    }
    for (const { holds, ...example } of several) {
      const { keys } = (await derive(given(example))) as Derived;
      expect([source, new Set(keys.map(({ key }) => key)).size]).toEqual([source, holds]);
    }
  }
});

test('members in another order, white space, the case of headers and headers as a list make no difference', () => {
  const cases = all.flatMap(({ events }) => events.map(({ first }) => first));
  const how = fc.record({
    nth: fc.nat({ max: cases.length - 1 }),
    indent: fc.constantFrom(0, 1, '\t'),
    upper: fc.boolean(),
    asList: fc.boolean(),
    mark: fc.constantFrom('', '\uFEFF'),
  });
  fc.assert(
    fc.property(how, ({ nth, indent, upper, asList, mark }) => {
      const example = cases[nth] ?? { body: {} };
      const text = mark + rewritten(textOf(example), indent);
      const named = Object.entries(example.headers ?? {}).map(
        ([name, value]) => [upper ? name.toUpperCase() : name.toLowerCase(), value] as const,
      );
      const headers = asList ? named.map(([name, value]) => ({ name, value })) : Object.fromEntries(named);
      expect(deriveKeys({ headers, payload: text })).toEqual(deriveKeys(given(example)));
    }),
    { numRuns: 40 * cases.length },
  );
});

/** The same JSON by another hand; other text as it is. */
function rewritten(text: string, indent: number | string): string {
  try {
    return JSON.stringify(reversed(JSON.parse(text) as Json), null, indent);
  } catch {
    return text;
  }
}

function reversed(value: Json | undefined): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reversed);
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, reversed(each)]),
  );
}
