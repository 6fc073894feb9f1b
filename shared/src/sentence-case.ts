import { operations } from './operations/index.ts';
import type { Operation } from './operations/operation.ts';

/** Words that keep their capitals inside a label. */
const NAMES = new Set(['OnceOnly', 'API', 'ID', 'URL', 'UUID', 'JSON']);

/** A title as Make writes labels: only the first word and names begin with a capital. */
export function sentenceCase(title: string): string {
  const [first = '', ...others] = title.split(' ');
  return [first, ...others.map((word) => (NAMES.has(bare(word)) ? word : word.toLowerCase()))].join(' ');
}

const bare = (word: string): string => word.replace(/[^A-Za-z]/g, '');

const all: readonly Operation[] = Object.values(operations);

/** Every title of several words that a help text may mention, the longest first. */
const titles: readonly string[] = [
  ...new Set(all.flatMap((each) => [each, ...each.fields, ...each.outputs].map(({ label }) => label))),
]
  .filter((label) => label.includes(' ') && sentenceCase(label) !== label)
  .sort((left, right) => right.length - left.length);

/** A help text with the names of fields and modules as they are shown here. */
export function namesAsShown(help: string): string {
  return titles.reduce((text, title) => text.replaceAll(title, sentenceCase(title)), help);
}
