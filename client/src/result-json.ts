import { isObject, MAX_LEVELS, type JsonObject } from '@onceonly/shared/json.ts';

/** A part of a value that JSON cannot represent, and its path: `.items[2].at`, or empty for the value itself. */
export interface NotJson {
  readonly path: string;
  /** What it is, such as `a Date`. */
  readonly what: string;
}

/** The first part of a value that JSON would drop or change; undefined if there is none. */
export function whyNotJson(value: unknown): NotJson | undefined {
  try {
    return find(value, '', new Set());
  } catch {
    return { path: '', what: 'an object with a member that throws when it is read' };
  }
}

/** @param above The objects that contain the value. If the value is one of them, it contains itself. */
function find(value: unknown, path: string, above: Set<object>): NotJson | undefined {
  const what = whatItIs(value);
  if (what !== undefined) return { path, what };
  if (typeof value !== 'object' || value === null) return undefined;
  // Found also where it is not enumerable.
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function')
    return { path: `${path}.toJSON`, what: 'a function' };
  if (above.has(value)) return { path, what: 'a circle: it holds itself' };
  // The object around a value that is no object counts too.
  if (above.size + 1 >= MAX_LEVELS)
    return { path: '', what: `nested on more than ${String(MAX_LEVELS)} levels` };
  above.add(value);
  const found = Array.isArray(value) ? findInList(value, path, above) : findInObject(value, path, above);
  above.delete(value);
  return found;
}

function findInList(list: readonly unknown[], path: string, above: Set<object>): NotJson | undefined {
  for (let at = 0; at < list.length; at += 1) {
    const found = find(list[at], `${path}[${String(at)}]`, above);
    if (found !== undefined) return found;
  }
  // The indexes come first.
  const more = Object.keys(list)[list.length];
  return more === undefined ? undefined : { path, what: `a list that also has the member “${more}”` };
}

function findInObject(value: object, path: string, above: Set<object>): NotJson | undefined {
  const [symbol] = Object.getOwnPropertySymbols(value);
  if (symbol !== undefined) return { path, what: `an object with a member named by ${String(symbol)}` };
  for (const [name, member] of Object.entries(value)) {
    const found = find(member, path + step(name), above);
    if (found !== undefined) return found;
  }
  return undefined;
}

const step = (name: string): string =>
  /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

/** What a value is, if JSON cannot represent it; otherwise undefined. */
function whatItIs(value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'bigint':
      return 'a BigInt';
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    case 'number':
      return Number.isFinite(value) ? undefined : String(value);
    case 'object':
      return value === null || isPlain(value) ? undefined : nameOf(value);
    default:
      return undefined;
  }
}

/** Whether an object was made by `{}` or `[]`, in any realm, or has no prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  const ofObject: unknown = Array.isArray(value) ? Object.getPrototypeOf(prototype) : prototype;
  return ofObject === null || Object.getPrototypeOf(ofObject) === null;
}

function nameOf(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown };
  const name = typeof constructor === 'function' ? constructor.name : '';
  if (name === '') return 'an instance of a class';
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Recorded in place of a result that is not JSON. */
const NOT_KEPT: JsonObject = { onceonly: 'result_not_json' };

/** An object whose only member is one of these means something else than itself. */
const MEANT_OTHERWISE = ['value', 'truncated', 'onceonly'];

/**
 * The object that is sent for a result, which `fromResult` turns back. The service accepts objects only: any other value is wrapped as
 * `{ value }`, and so is an object that would mean something else. For undefined, no result is sent.
 */
export function toResult(value: unknown): JsonObject | null {
  if (value === undefined) return null;
  return isObject(value) && !MEANT_OTHERWISE.some((member) => hasJust(value, member))
    ? value
    : { value: value as JsonObject };
}

export const notKept = (): JsonObject => NOT_KEPT;

/** The inverse of `toResult`; `kept` is false if the result was not kept, because it was no JSON or too large. */
export function fromResult(
  result: unknown,
): { readonly kept: true; readonly value: unknown } | { readonly kept: false } {
  if (result === null || result === undefined) return { kept: true, value: undefined };
  if (!isObject(result)) return { kept: true, value: result };
  const isTruncated = hasJust(result, 'truncated') && result['truncated'] === true;
  const isNoJson = hasJust(result, 'onceonly') && result['onceonly'] === NOT_KEPT['onceonly'];
  if (isTruncated || isNoJson) return { kept: false };
  return { kept: true, value: hasJust(result, 'value') ? result['value'] : result };
}

function hasJust(value: JsonObject, member: string): boolean {
  const members = Object.keys(value);
  return members.length === 1 && members[0] === member;
}
