/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as text: empty if it is missing, and JSON for a list or an object. */
export function asText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * Parses text that is a JSON object, for a field that takes any JSON on a platform that passes on text. If a whole number in it would
 * lose digits, the text is returned unchanged, and so is any other value.
 */
export function readJson(given: unknown): unknown {
  if (typeof given !== 'string' || !given.trim().startsWith('{')) return given;
  try {
    return JSON.parse(given, (_name, value: unknown) => {
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError('too long');
      return value;
    }) as unknown;
  } catch {
    return given;
  }
}

/** The deepest nesting of lists and objects that is passed on. Writing JSON recurses, so deeper values could overflow the stack. */
export const MAX_LEVELS = 500;

/** Whether a value is nested deeper than `MAX_LEVELS`, as one with a cycle is. It does not recurse. */
export function isTooDeep(value: unknown): boolean {
  let level = new Set<unknown>([value]);
  for (let depth = 0; depth <= MAX_LEVELS; depth += 1) {
    const inside = [...level].filter((each) => typeof each === 'object' && each !== null);
    level = new Set(inside.flatMap((each): unknown[] => Object.values(each)));
    if (level.size === 0) return false;
  }
  return true;
}

/** A result as JSON text; null if it cannot be written, or is nested too deeply. */
export function writtenResult(result: Json): string | null {
  try {
    return isTooDeep(result) ? null : JSON.stringify(result);
  } catch {
    return null;
  }
}

/** A result as it is passed on. One that is nested too deeply is replaced by a marker. */
export const readableResult = (result: Json): Json => (isTooDeep(result) ? { truncated: true } : result);
