import { isObject } from '../json.ts';

/** Headers by their names in lower case. CGI names (`HTTP_X_GITHUB_DELIVERY`), which some platforms pass on, are translated. */
export type Headers = ReadonlyMap<string, string>;

type Pair = readonly [name: string, value: unknown];

/**
 * Reads headers in every form in which a platform or a mapping passes them on: an object; a list of `{name, value}`, of pairs or of
 * lines; JSON of those; an object as Python or Ruby print it; one `Name: value` on each line; or several on one line, separated by
 * a comma, a semicolon, a bar, an ampersand, a tab or an HTML line break. Undefined if no header can be read in what was given,
 * or if it is ambiguous where a header ends.
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

/** Throws if it is ambiguous where a header ends. */
function pairsOf(given: unknown): readonly Pair[] {
  if (typeof given === 'string') return pairsIn(given);
  if (Array.isArray(given)) return (given as unknown[]).flatMap(pairsOfItem);
  if (!isObject(given)) return [];
  // Some platforms pass the headers on as a member of a larger object.
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

/** `'name': "value"` or `'name' => "value"`. */
const QUOTED = /(["'])([\w.-]+)\1\s*(?::|=>)\s*(["'])((?:\\.|(?!\3)[^\\])*)\3/g;
const NAME = String.raw`[A-Za-z][\w.-]*`;
const COLON = new RegExp(String.raw`^(${NAME})\s*:(?!//)\s*(.*)$`, 's');
/** A name with a dash, as header names have: values also contain `name=value` pairs. */
const DASHED = String.raw`[A-Za-z][\w.]*[-_][\w.-]*`;
const EQUALS = new RegExp(`^(${DASHED})=(.*)$`, 's');
const BREAK = String.raw`\s*<br\s*/?>\s*`;
/** The separator before the next header on the same line. The scheme of a URL is not a header. */
const NEXT_OF_SEVERAL = new RegExp(String.raw`,\s*(?=${NAME}\s*:(?!//))`);
const NEXT = new RegExp(String.raw`(?:\s*[,;|&\t]\s*|${BREAK})(?=${NAME}\s*:(?!//))`, 'i');
const NEXT_EQUALS = new RegExp(String.raw`(?:\s*[,;|&\t]\s*|${BREAK})(?=${DASHED}=)`, 'i');
/** Found in a value if the line has several headers with another separator between them. */
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
  // With ampersands, the headers are written as a form.
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
