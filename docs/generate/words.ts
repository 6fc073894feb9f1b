import { describe, isOptional, type Part } from '../../shared/src/sources/part.ts';
import type { Condition } from '../../shared/src/sources/sender.ts';

/** What the senders' rules say, in words. */

export const listed = (words: readonly string[], last: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;

/** “a”, “b” and “c”; each once. */
export const partsIn = (parts: readonly Part[]): string =>
  listed(
    [...new Set(parts.map(partIn))].filter((each) => each !== ''),
    'and',
  );

/** “a” (or “b”, if it is there). Empty for a text that the rule itself brings. */
function partIn(part: Part): string {
  const [first = '', ...others] = part.replace(/\?$/, '').split(' | ').map(nameOf);
  const isHeader = first.startsWith(THE_HEADER);
  const or = others.map((name) => `or ${isHeader ? name.replace(THE_HEADER, '') : name}`);
  const more = [...or, ...(isOptional(part) ? ['if it is there'] : [])].join(', ');
  return first === '' || more === '' ? first : `${first} (${more})`;
}

const THE_HEADER = 'the header ';

function nameOf(from: string): string {
  const [kind = '', ...rest] = from.split(':');
  const path = rest.join(':');
  if (['header', 'text', 'hash'].includes(kind)) return describe(from);
  if (path === '') return `the ${kind}`;
  const [, ofFirst] = /^0\.(.+)$/.exec(path) ?? [];
  if (ofFirst !== undefined) return `“${ofFirst}” of the first item`;
  return kind === 'body' || kind === 'item' ? describe(from) : `${describe(from)} of its “${kind}”`;
}

/** When a condition holds: “a” is “b”, and “c” and “d” are there. */
export function conditionIn(condition: Condition): string {
  const parts = Object.entries(condition) as readonly (readonly [Part, Condition[Part]])[];
  const there = parts.filter(([, wanted]) => wanted === true).map(([part]) => part);
  const rest = parts.filter(([, wanted]) => wanted !== true).map(([part, wanted]) => clauseOf(part, wanted));
  const are = there.length === 0 ? [] : [`${partsIn(there)} ${there.length === 1 ? 'is' : 'are'} there`];
  return [...rest, ...are].join(', and ');
}

function clauseOf(part: Part, wanted: Condition[Part] | undefined): string {
  if (part.startsWith('text:')) return part.slice('text:'.length);
  if (part.startsWith('members:')) return membersIn(wanted);
  const name = partIn(part);
  if (typeof wanted === 'string') return `${name} is “${wanted}”`;
  return `${name} ${wanted instanceof RegExp ? formIn(wanted) : 'is missing'}`;
}

function membersIn(wanted: Condition[Part] | undefined): string {
  if (typeof wanted === 'string') {
    return `the body holds nothing but ${quoted(wanted.split(','), 'and')}`;
  }
  return `the names in the body look together like \`${wanted instanceof RegExp ? wanted.source : String(wanted)}\``;
}

const quoted = (texts: readonly string[], last: 'and' | 'or'): string =>
  listed(
    texts.map((text) => `“${text}”`),
    last,
  );

/** The usual forms in words, any other as it is. */
function formIn({ source }: RegExp): string {
  if (source === String.raw`^\d+$`) return 'is a number';
  const [, characters] = /^\^\[(\w+)\]\$$/.exec(source) ?? [];
  if (characters !== undefined) return `is ${quoted(Array.from(characters), 'or')}`;
  const [, choices, after = ''] =
    /^\^\((?:\?:)?([\w|.-]+)\)((?:[\w:-]|\\.)*\$?)$/.exec(source.replace(/:\?$/, '')) ?? [];
  if (choices !== undefined) {
    const texts = choices.split('|').map((choice) => plain(choice + after.replace(/\$$/, '')));
    return after.endsWith('$') ? `is ${quoted(texts, 'or')}` : `starts with ${quoted(texts, 'or')}`;
  }
  const [, front] = /^\^((?:[\w:-]|\\\W)+)$/.exec(source) ?? [];
  if (front !== undefined) return `starts with “${plain(front)}”`;
  const [, inside] = /^((?:[\w:-]|\\\W)+)$/.exec(source) ?? [];
  return inside === undefined ? `looks like \`${source}\`` : `contains “${plain(inside)}”`;
}

const plain = (source: string): string => source.replaceAll('\\', '');
