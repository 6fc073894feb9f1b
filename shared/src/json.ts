/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How a value reads as text: nothing where it is missing, and JSON where it is more than a word. */
export function asText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * Where a field takes any JSON and a platform hands over text: text that is a JSON object is meant as one; unless a whole
 * number in it is too long to be read without loss: that text stays text, as does all other.
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

/** Lists and objects within each other. Whoever writes JSON recurses: what is deeper is not handed on. */
export const MAX_LEVELS = 500;

/** Whether a value is nested on more than `MAX_LEVELS`, as a circle is. Does not recurse, however deep it is. */
export function isTooDeep(value: unknown): boolean {
  let level = new Set<unknown>([value]);
  for (let depth = 0; depth <= MAX_LEVELS; depth += 1) {
    const inside = [...level].filter((each) => typeof each === 'object' && each !== null);
    level = new Set(inside.flatMap((each): unknown[] => Object.values(each)));
    if (level.size === 0) return false;
  }
  return true;
}

/** A result as JSON text; null where it cannot be written, or not be handed on. */
export function writtenResult(result: Json): string | null {
  try {
    return isTooDeep(result) ? null : JSON.stringify(result);
  } catch {
    return null;
  }
}

/** A result that was read: in the place of one that cannot be handed on, that there was one. */
export const readableResult = (result: Json): Json => (isTooDeep(result) ? { truncated: true } : result);
