import { isObject } from './json.ts';

/** Nothing in it: missing, blank text, or a list or object that holds nothing else. Does not recurse, however deep. */
export function isEmptyResult(result: unknown): boolean {
  const open: unknown[] = [result];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || value === undefined) continue;
    if (typeof value === 'string' && value.trim() === '') continue;
    if (Array.isArray(value)) open.push(...(value as unknown[]));
    else if (isObject(value)) open.push(...Object.values(value));
    else return false;
  }
  return true;
}
