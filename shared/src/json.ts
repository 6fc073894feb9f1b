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
