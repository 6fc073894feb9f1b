import { isObject, type Json } from '../json.ts';
import { hashOf } from './canonical.ts';
import { fieldOf } from './content.ts';
import type { Delivery } from './delivery.ts';

/**
 * The name of a part of a delivery:
 * - `header:x-event-id`, `body:data.id` (the whole body: `body:`); for an item of a list, `item:id`, or with the name of an outer
 *   list, the item that contains it (`entry:id` in `body:entry[].changes[]`);
 * - `hash:body:data`, a hash of any other part, 32 hex digits; `members:body:`, the names of its members; `text:any`, a literal;
 * - alternatives with ` | ` between them, of which the first that exists is used; a question mark at the end makes a part optional.
 */
export type Part = `${string}:${string}`;

/** A delivery, or an item of one of its lists. */
export interface Scope {
  readonly delivery: Delivery;
  /** `body`, and within a list `item` and the names of the lists. */
  readonly values: ReadonlyMap<string, Json>;
}

/** The value of a part, and the alternative that has it; undefined if all are missing or empty. */
export function readPart(
  part: Part,
  scope: Scope,
): { readonly value: Json; readonly from: string } | undefined {
  for (const from of part.replace(/\?$/, '').split(' | ')) {
    const value = valueOf(from, scope);
    if (value !== undefined && value !== null && value !== '') return { value, from };
  }
  return undefined;
}

export const isOptional = (part: Part): boolean => part.endsWith('?');

/** The text of a part; undefined for a list or an object, which cannot name an event. */
export function textAt(part: Part, scope: Scope): string | undefined {
  const value = readPart(part, scope)?.value;
  return value === undefined || typeof value === 'object' ? undefined : String(value);
}

function valueOf(name: string, scope: Scope): Json | undefined {
  const colon = name.indexOf(':');
  const [kind, rest] = [name.slice(0, colon), name.slice(colon + 1)];
  if (kind === 'text') return rest;
  if (kind === 'header') return scope.delivery.header(rest);
  if (kind === 'hash') {
    const value = valueOf(rest, scope);
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    return value === undefined || value === '' || isEmpty ? undefined : hashOf(value).slice(0, 32);
  }
  if (kind === 'members') {
    const value = valueOf(rest, scope);
    return isObject(value) ? Object.keys(value).sort().join(',') : undefined;
  }
  const value = scope.values.get(kind);
  return rest === '' ? value : fieldOf(value, rest);
}

/** How a sentence calls a part. */
export function describe(from: string): string {
  const name = from.slice(from.indexOf(':') + 1);
  if (from.startsWith('text:')) return '';
  if (from.startsWith('header:')) return `the header ${name}`;
  if (from.startsWith('hash:')) {
    const path = name.slice(name.indexOf(':') + 1);
    return path === '' ? 'the content' : `the content of “${path}”`;
  }
  return `“${name}”`;
}
