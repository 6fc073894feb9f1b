import { operations, type OperationId } from './operations/index.ts';
import type { Operation } from './operations/operation.ts';
import { triggers, type TriggerId } from './triggers/index.ts';
import type { Trigger } from './triggers/trigger.ts';

/** Words that keep their capital letters inside a label. */
const NAMES = new Set(['OnceOnly', 'API', 'ID', 'URL', 'UUID', 'JSON']);

/** A title in sentence case, as Make writes labels: only the first word and names are capitalised. */
export function sentenceCase(title: string): string {
  const [first = '', ...others] = title.split(' ');
  return [first, ...others.map((word) => (NAMES.has(bare(word)) ? word : word.toLowerCase()))].join(' ');
}

const bare = (word: string): string => word.replace(/[^A-Za-z]/g, '');

const all: readonly Operation[] = Object.values(operations);

/** All titles of several words that a text may mention, with and without their units, longest first. */
const titles: readonly string[] = [
  ...new Set(
    all
      .flatMap((each) => [each, ...each.fields, ...each.outputs])
      .flatMap(({ label }) => [label, label.replace(/ \(.*\)$/, '')]),
  ),
]
  .filter((label) => label.includes(' ') && sentenceCase(label) !== label)
  .sort((left, right) => right.length - left.length);

/** One of our texts, with the titles of fields and modules in sentence case. It must not contain a user's own words. */
export function namesAsShown(help: string): string {
  return titles.reduce((text, title) => text.replaceAll(title, sentenceCase(title)), help);
}

/** Applies `namesAsShown` to all texts in the data of an operation. */
function wordsAsShown<T>(data: T): T {
  if (typeof data === 'string') return namesAsShown(data) as T;
  if (Array.isArray(data)) return data.map(wordsAsShown) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, each]) => [name, wordsAsShown(each)])) as T;
}

/** The operations with all their labels and messages in sentence case. */
export const operationsAsShown: Readonly<Record<OperationId, Operation>> = wordsAsShown(operations);

/** The triggers, in the same way. */
export const triggersAsShown: Readonly<Record<TriggerId, Trigger>> = wordsAsShown(triggers);
