import { isObject } from '../json.ts';

/** Named in lower case. CGI names (`HTTP_X_GITHUB_DELIVERY`), as some platforms hand them on, are the headers they stand for. */
export type Headers = ReadonlyMap<string, string>;

type Pair = readonly [name: string, value: unknown];

/**
 * Headers in whichever form a platform or a mapping hands them over: an object, a list of `{name, value}`, of pairs or of
 * lines, JSON of those, Python's or Ruby's way of writing an object, a `Name: value` a line, or several of them with commas
 * between. Undefined where something was given and no header can be read in it.
 */
export function readHeaders(given: unknown): Headers | undefined {
  const pairs = pairsOf(given);
  const headers = new Map(
    pairs.flatMap(([name, value]) => {
      const one: unknown = Array.isArray(value) ? value[0] : value;
      if (typeof one !== 'string' && typeof one !== 'number') return [];
      return [[nameOf(name), String(one)] as const];
    }),
  );
  return headers.size === 0 && !isNothing(given) ? undefined : headers;
}

const nameOf = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^http-/, '');

function isNothing(given: unknown): boolean {
  if (typeof given === 'string') return /^[\s{}[\]]*$/.test(given);
  return typeof given === 'object' ? Object.keys(given ?? {}).length === 0 : given === undefined;
}

function pairsOf(given: unknown): readonly Pair[] {
  if (typeof given === 'string') return pairsIn(given);
  if (Array.isArray(given)) return (given as unknown[]).flatMap(pairsOfItem);
  if (!isObject(given)) return [];
  // Some hand them over as one member of something larger.
  return Object.entries(given).flatMap(([name, value]): readonly Pair[] =>
    isObject(value) ? pairsOf(value) : [[name, value]],
  );
}

function pairsOfItem(item: unknown): readonly Pair[] {
  if (Array.isArray(item)) return typeof item[0] === 'string' ? [[item[0], item[1]]] : [];
  if (!isObject(item)) return pairsOf(item);
  const name = item['name'] ?? item['key'] ?? item['header'];
  return typeof name === 'string' && 'value' in item ? [[name, item['value']]] : pairsOf(item);
}

/** `'name': "value"`, also with `=>` between. */
const QUOTED = /(["'])([\w.-]+)\1\s*(?::|=>)\s*(["'])((?:\\.|(?!\3)[^\\])*)\3/g;
const NAME = String.raw`[A-Za-z][\w.-]*`;
/** Where the next header begins on the same line; the scheme of an address is none. */
const NEXT = new RegExp(String.raw`,\s*(?=${NAME}\s*:(?!//))`);
const COLON = new RegExp(String.raw`^(${NAME})\s*:(?!//)\s*(.*)$`);
/** Only of what looks like a header's name: values hold such pairs too. */
const EQUALS = /^([A-Za-z][\w.]*[-_][\w.-]*)=(.*)$/;

function pairsIn(text: string): readonly Pair[] {
  if (/^\s*[[{"]/.test(text)) {
    try {
      return pairsOf(JSON.parse(text));
    } catch {
      // It is written in another way.
    }
  }
  const isQuoted = /^\s*[[{"']/.test(text);
  const quoted = [...(isQuoted ? text.matchAll(QUOTED) : [])].map(([, , name = '', , value = '']): Pair => [
    name,
    value.replace(/\\(.)/g, '$1'),
  ]);
  if (quoted.length > 0) return quoted;
  const lines = text.replace(/^\s*\{|\}\s*$/g, '').split(/\r?\n/);
  const read = (parts: readonly string[], form: RegExp): readonly Pair[] =>
    parts.flatMap((part): readonly Pair[] => {
      const [, name, value = ''] = form.exec(part.trim().replace(/,$/, '')) ?? [];
      return name === undefined ? [] : [[name, value.trim()]];
    });
  const named = read(
    lines.flatMap((line) => line.split(NEXT)),
    COLON,
  );
  return named.length > 0 ? named : read(lines, EQUALS);
}
