import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sources, type JsonObject } from '@onceonly/shared';
import { isObject } from '@onceonly/shared/json.ts';
import { openExamples } from '../sources/senders/all-examples.ts';
import { textOf, type Example, type Examples } from '../sources/senders/examples.ts';
import { CHOSEN } from './chosen.ts';
import { COMMON, createDerive, type Derive } from './derive.ts';
import { expectFrozen } from './frozen.ts';

/** Deliveries, and their keys and fingerprints, as the app makes them for Zapier and n8n, and the server for Make. */

let derive: Derive;
let examples: readonly Examples[];
beforeAll(async () => {
  [derive, examples] = await Promise.all([createDerive(), openExamples()]);
});
afterAll(() => derive.close());

/** An object is kept as it is, which reads better than its text. */
function deliveryOf(example: Example): JsonObject {
  const text = textOf(example);
  return { ...COMMON, headers: example.headers ?? {}, payload: compact(text) ?? text };
}

function compact(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

const fileOf = (id: string): string => `senders/${id}.jsonl`;

test.each(sources.map(({ id }) => id))('%s: each delivery has the key that it had', async (id) => {
  const ofSender = examples.filter(({ source }) => source === id);
  const events = ofSender.flatMap((each) =>
    each.events.flatMap(({ first, again, other }) => [first, again, other]),
  );
  const several = ofSender.flatMap((each) => each.several ?? []);
  await expectFrozen(fileOf(id), [...events, ...several].map(deliveryOf), derive.make);
});

test('what is chosen, by its content or by its sender, has the key that it had', async () => {
  await expectFrozen('chosen.jsonl', CHOSEN, derive.make);
});

test('no sender was taken away', () => {
  const known = new Set<string>(sources.map(({ id }) => fileOf(id)));
  const files = readdirSync(join(import.meta.dirname, 'senders')).map((file) => `senders/${file}`);
  expect(files.filter((file) => !known.has(file))).toEqual([]);
});
