import { createHash } from 'node:crypto';
import { asText, isObject, type Json } from './json.ts';
import { namedKey } from './named-key.ts';
import { shownTime } from './shown-time.ts';

/**
 * Rules say how a request follows from the user's input, and how outputs follow from the service's answer. They are data, so that
 * a test can check all of them, and Make's app can be generated from them. Evaluating a rule has no side effects and cannot
 * fail: a missing value is null.
 */
export type Rule =
  | string
  | number
  | boolean
  | null
  | { readonly get: Path }
  /** Whether the first value equals one of the others. */
  | { readonly is: readonly [Rule, ...(string | number | boolean | null)[]] }
  | { readonly less: readonly [Rule, Rule] }
  | { readonly not: Rule }
  | { readonly all: readonly Rule[] }
  | { readonly if: readonly [condition: Rule, then: Rule, otherwise: Rule] }
  /** The case named by the text of the first rule, or else the last rule. */
  | { readonly match: readonly [Rule, Readonly<Record<string, Rule>>, Rule] }
  /** The first value that is neither missing nor empty text. */
  | { readonly first: readonly Rule[] }
  /** The concatenated texts; a missing value adds nothing. */
  | { readonly join: readonly Rule[] }
  /** A product, rounded to a whole number. */
  | { readonly times: readonly [Rule, number] }
  /** The text, cut to at most this many UTF-16 code units, and never within a character. */
  | { readonly cut: readonly [Rule, number] }
  /** The text before the first occurrence of the word, or all of it if there is none. */
  | { readonly before: readonly [Rule, string] }
  /** The text after the first occurrence of the word, or none if there is none. */
  | { readonly after: readonly [Rule, string] }
  /** Wraps text and lists as `{"value": …}`, since the service accepts only objects. An object is unchanged. */
  | { readonly wrap: Rule }
  /** Turns `{"value": text}` back into the text. Anything else is unchanged. */
  | { readonly unwrap: Rule }
  /** How a sentence names a key, in text that mentions nobody, is not a link and adds no line. */
  | { readonly named: Rule }
  /** An instant as people write it, to the minute unless said otherwise. Any other text is unchanged. */
  | { readonly time: Rule; readonly to?: 'second' }
  /** The SHA-256 of the text, in the form of a UUID. */
  | { readonly uuid: Rule };

/**
 * Where a value comes from: the user's input, what the client adds (`holder`, `run`, `origin`, `wait` in seconds, `result_hash`), the
 * service's answer, or an output defined before.
 */
type Source = 'input' | 'client' | 'answer' | 'output';

export type Path = `${Source}.${string}`;

/** `now`: epoch milliseconds. */
export type Scope = Readonly<Record<Source, Readonly<Record<string, unknown>>>> & { readonly now: number };

export const input = (name: string): Rule => ({ get: `input.${name}` });
export const client = (name: string): Rule => ({ get: `client.${name}` });
export const answer = (name: string): Rule => ({ get: `answer.${name}` });
export const output = (name: string): Rule => ({ get: `output.${name}` });
export const is = (rule: Rule, ...values: (string | number | boolean | null)[]): Rule => ({
  is: [rule, ...values],
});
export const when = (condition: Rule, then: Rule, otherwise: Rule): Rule => ({
  if: [condition, then, otherwise],
});
export const match = (rule: Rule, cases: Readonly<Record<string, Rule>>, otherwise: Rule): Rule => ({
  match: [rule, cases, otherwise],
});
export const first = (...rules: Rule[]): Rule => ({ first: rules });
export const join = (...rules: Rule[]): Rule => ({ join: rules });

/** The first half of a character whose second half was cut off. No service accepts it. */
const HALF = /[\uD800-\uDBFF]$/;

export function evaluate(rule: Rule, scope: Scope): Json {
  if (rule === null || typeof rule !== 'object') return rule;
  const value = (inner: Rule): Json => evaluate(inner, scope);
  const text = (inner: Rule): string => asText(value(inner));

  if ('get' in rule) return read(rule.get, scope);
  if ('is' in rule) {
    const [subject, ...values] = rule.is;
    const found = value(subject);
    return values.some((each) => each === found);
  }
  if ('less' in rule) {
    const [left, right] = [value(rule.less[0]), value(rule.less[1])];
    return typeof left === 'number' && typeof right === 'number' && left < right;
  }
  if ('not' in rule) return !isTrue(value(rule.not));
  if ('all' in rule) return rule.all.every((each) => isTrue(value(each)));
  if ('if' in rule) return value(isTrue(value(rule.if[0])) ? rule.if[1] : rule.if[2]);
  if ('match' in rule) {
    const [subject, cases, otherwise] = rule.match;
    const name = text(subject);
    return value(Object.hasOwn(cases, name) ? (cases[name] ?? null) : otherwise);
  }
  if ('first' in rule) return rule.first.map(value).find((each) => each !== null && each !== '') ?? null;
  if ('join' in rule) return rule.join.map(text).join('');
  if ('times' in rule) {
    const factor = value(rule.times[0]);
    return typeof factor === 'number' ? Math.round(factor * rule.times[1]) : null;
  }
  if ('cut' in rule) return text(rule.cut[0]).slice(0, rule.cut[1]).replace(HALF, '');
  if ('before' in rule) return splitAt(text(rule.before[0]), rule.before[1])[0];
  if ('after' in rule) return splitAt(text(rule.after[0]), rule.after[1])[1];
  if ('wrap' in rule) return wrapText(value(rule.wrap));
  if ('unwrap' in rule) return unwrapText(value(rule.unwrap));
  if ('named' in rule) return namedKey(text(rule.named), scope.now);
  if ('time' in rule) return shownTime(text(rule.time), scope.now, rule.to);
  return uuidOf(text(rule.uuid));
}

function read(path: Path, scope: Scope): Json {
  const dot = path.indexOf('.');
  const members = scope[path.slice(0, dot) as Source];
  const name = path.slice(dot + 1);
  return Object.hasOwn(members, name) ? ((members[name] ?? null) as Json) : null;
}

const isTrue = (value: Json): boolean => value === true;

function splitAt(text: string, word: string): [string, string] {
  const at = text.indexOf(word);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + word.length)];
}

function wrapText(value: Json): Json {
  return value === null || isObject(value) ? value : { value };
}

function unwrapText(value: Json): Json {
  if (!isObject(value)) return value;
  const members = Object.keys(value);
  return members.length === 1 && typeof value['value'] === 'string' ? value['value'] : value;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text, 'utf8').digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
