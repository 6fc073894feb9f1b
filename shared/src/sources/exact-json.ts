import type { Json } from '../json.ts';

/**
 * JSON as a value, in which whole numbers that a double cannot hold stay as their digits: two ids of 19 digits that
 * differ in the last one would be the same number, and two events one.
 */
export function parseExactly(text: string): Json {
  return JSON.parse(text, keepDigits as (name: string, value: unknown) => unknown) as Json;
}

/** `context` is missing where the engine is too old to tell a value's source; the value is then as good as it gets. */
function keepDigits(
  _name: string,
  value: unknown,
  context: { readonly source?: string } | undefined,
): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value;
  const isHeld = !/^-?\d+$/.test(source) || source === String(value) || BigInt(source) === BigInt(value);
  return isHeld ? value : source;
}
