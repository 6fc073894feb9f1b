import { isObject, type JsonObject } from '../json.ts';
import { isBlankText } from './text.ts';

/** The members that are objects, of a list or what passes for one. */
export const objectsIn = (list: unknown): readonly JsonObject[] =>
  Array.isArray(list) ? (list as unknown[]).filter(isObject) : [];

export const isShown = (text: unknown): boolean => typeof text === 'string' && !isBlankText(text);

/** A number on the way down these names; null where there is none. */
export function countAt(value: unknown, ...names: readonly string[]): number | null {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  return typeof found === 'number' ? found : null;
}
