import { isObject } from '../json.ts';

/** Named in lower case. CGI names (`HTTP_X_GITHUB_DELIVERY`), as some platforms hand them on, are the headers they stand for. */
export type Headers = ReadonlyMap<string, string>;

type Pair = readonly [name: string, value: unknown];

/**
 * Headers in whichever form a platform or a mapping hands them over: an object, a list of `{name, value}`, of pairs or of
 * lines, JSON of those, Python's or Ruby's way of writing an object, a `Name: value` a line, or several of them on one line with
 * a comma, a semicolon, a bar, an ampersand, a tab or a break of HTML between. Undefined where something was given and no header
 * can be read in it, or where it cannot be told where one ends.
 */
export function readHeaders(given: unknown): Headers | undefined {
  const pairs = attempted(() => pairsOf(given));
  if (pairs === undefined) return undefined;
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

/** Throws where it cannot be told where a header ends. */
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
const COLON = new RegExp(String.raw`^(${NAME})\s*:(?!//)\s*(.*)$`, 's');
/** Only of what looks like a header's name: values hold such pairs too. */
const DASHED = String.raw`[A-Za-z][\w.]*[-_][\w.-]*`;
const EQUALS = new RegExp(`^(${DASHED})=(.*)$`, 's');
const BREAK = String.raw`\s*<br\s*/?>\s*`;
/** Where the next header begins on the same line; the scheme of an address is none. */
const NEXT_OF_SEVERAL = new RegExp(String.raw`,\s*(?=${NAME}\s*:(?!//))`);
const NEXT = new RegExp(String.raw`(?:\s*[,;|&\t]\s*|${BREAK})(?=${NAME}\s*:(?!//))`, 'i');
const NEXT_EQUALS = new RegExp(String.raw`(?:\s*[,;|&\t]\s*|${BREAK})(?=${DASHED}=)`, 'i');
/** What is left in a value where one line holds several headers, and something else stands between them. */
const FURTHER = new RegExp(String.raw`(?:^|[^\w.-])(?:${DASHED}:\s|x-[\w-]+:)`, 'i');
const FURTHER_EQUALS = new RegExp(String.raw`[^\w.-]${DASHED}=`);

function pairsIn(text: string): readonly Pair[] {
  const json = /^\s*[[{"]/.test(text) ? attempted(() => JSON.parse(text) as unknown) : undefined;
  if (json !== undefined) return pairsOf(json);
  const isQuoted = /^\s*[[{"']/.test(text);
  const quoted = [...(isQuoted ? text.matchAll(QUOTED) : [])].map(([, , name = '', , value = '']): Pair => [
    name,
    value.replace(/\\(.)/g, '$1'),
  ]);
  if (quoted.length > 0) return quoted;
  const lines = text
    .replace(/^\s*\{|\}\s*$/g, '')
    .split(/\r\n|[\n\r]/)
    .filter((line) => line.trim() !== '');
  const [one = '', ...more] = lines;
  if (more.length === 0) return pairsOnLine(one);
  const named = pairsOfParts(
    lines.flatMap((line) => line.split(NEXT_OF_SEVERAL)),
    COLON,
  );
  return named.length > 0 ? named : pairsOfParts(lines, EQUALS);
}

const pairsOfParts = (parts: readonly string[], form: RegExp): readonly (readonly [string, string])[] =>
  parts.flatMap((part) => {
    const [, name, value = ''] = form.exec(part.trim().replace(/,$/, '')) ?? [];
    return name === undefined ? [] : [[name, value.trim()] as const];
  });

function pairsOnLine(line: string): readonly Pair[] {
  const named = pairsOfParts(line.split(NEXT), COLON);
  const pairs = named.length > 0 ? named : pairsOfParts(line.split(NEXT_EQUALS), EQUALS);
  const further = named.length > 0 ? FURTHER : FURTHER_EQUALS;
  if (pairs.some(([, value]) => further.test(value))) throw new Error('No end can be told.');
  // As a form writes them.
  return named.length === 0 && line.includes('&')
    ? pairs.map(([name, value]): Pair => [name, decoded(value)])
    : pairs;
}

const decoded = (value: string): string =>
  attempted(() => decodeURIComponent(value.replaceAll('+', ' '))) ?? value;

function attempted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
