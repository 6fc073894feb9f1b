import { operations, type OperationId } from './operations/index.ts';
import type { Operation } from './operations/operation.ts';
import { triggers, type TriggerId } from './triggers/index.ts';
import type { Trigger } from './triggers/trigger.ts';

/** Words that keep their capitals inside a label. */
const NAMES = new Set(['OnceOnly', 'API', 'ID', 'URL', 'UUID', 'JSON']);

/** A title as Make writes labels: only the first word and names begin with a capital. */
export function sentenceCase(title: string): string {
  const [first = '', ...others] = title.split(' ');
  return [first, ...others.map((word) => (NAMES.has(bare(word)) ? word : word.toLowerCase()))].join(' ');
}

const bare = (word: string): string => word.replace(/[^A-Za-z]/g, '');

const all: readonly Operation[] = Object.values(operations);

/** Every title of several words that a help text may mention, with its unit or without, the longest first. */
const titles: readonly string[] = [
  ...new Set(
    all
      .flatMap((each) => [each, ...each.fields, ...each.outputs])
      .flatMap(({ label }) => [label, label.replace(/ \(.*\)$/, '')]),
  ),
]
  .filter((label) => label.includes(' ') && sentenceCase(label) !== label)
  .sort((left, right) => right.length - left.length);

/** A text of ours with the names of fields and modules as they are shown here. A user's words must not be in it. */
export function namesAsShown(help: string): string {
  return titles.reduce((text, title) => text.replaceAll(title, sentenceCase(title)), help);
}

/** All our own texts of an operation as `namesAsShown` has them. */
function wordsAsShown<T>(data: T): T {
  if (typeof data === 'string') return namesAsShown(data) as T;
  if (Array.isArray(data)) return data.map(wordsAsShown) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, each]) => [name, wordsAsShown(each)])) as T;
}

/** The operations with fields and steps as they are named here: labels, and what messages say besides a user's words. */
export const operationsAsShown: Readonly<Record<OperationId, Operation>> = wordsAsShown(operations);

/** The same of triggers. */
export const triggersAsShown: Readonly<Record<TriggerId, Trigger>> = wordsAsShown(triggers);
