import { isObject, type Json } from '../json.ts';
import type { Delivery } from './delivery.ts';
import { describe, isOptional, readPart, textAt, type Part, type Scope } from './part.ts';
import type { Condition, Listed, OneEvent, Sender, Skipped } from './sender.ts';

/** One event of a delivery. */
export interface SenderEvent {
  /** What tells it from every other event of this sender; the same on every redelivery. */
  readonly key: string;
  /** What it is about; null where nothing is known to stay. */
  readonly covers: Json;
  /** What the key is made of, in words. */
  readonly madeFrom: string;
}

/** What the sender's rules say of a delivery. `lists`: where its events are, if there may be several. */
export type Ruled =
  { readonly events: readonly SenderEvent[]; readonly lists: readonly string[] } | { readonly none: string };

export const scopeOf = ({ jsonIn }: Pick<Sender, 'jsonIn'>, delivery: Delivery): Scope => ({
  delivery,
  values: new Map([['body', unwrapped(delivery.body, jsonIn)]]),
});

/** Whether the delivery looks like this sender's. */
export const isSeen = (sender: Sender, delivery: Delivery): boolean => {
  const scope = scopeOf(sender, delivery);
  return sender.seen.some((condition) => holds(condition, scope));
};

/** By the first rule that fits; null where none does. */
export function applyRules(sender: Sender, delivery: Delivery): Ruled | null {
  const scope = scopeOf(sender, delivery);
  for (const rule of sender.rules) {
    if (rule.when !== undefined && !holds(rule.when, scope)) continue;
    if ('none' in rule) return rule;
    if ('each' in rule) {
      const events = listed(rule.each, scope);
      if (events !== null && events.length > 0)
        return { events, lists: [...new Set(rule.each.map(({ of }) => of))] };
      continue;
    }
    const event = eventOf(rule, scope);
    if (event !== null) return { events: [event], lists: [] };
  }
  return null;
}

function holds(condition: Condition, scope: Scope): boolean {
  return Object.entries(condition).every(([part, wanted]) => {
    const found = readPart(part as Part, scope);
    if (typeof wanted === 'boolean') return (found !== undefined) === wanted;
    const text = textAt(part as Part, scope);
    return text !== undefined && (typeof wanted === 'string' ? text === wanted : wanted.test(text));
  });
}

/** Null where a part is missing that names the event. */
function eventOf({ key, covers }: OneEvent, scope: Scope): SenderEvent | null {
  const texts = key.map((part) => textAt(part, scope) ?? (isOptional(part) ? '' : null));
  if (texts.some((text) => text === null)) return null;
  const used = key.flatMap((part, nth) =>
    texts[nth] === '' ? [] : [describe(readPart(part, scope)?.from ?? part)],
  );
  return {
    key: joined(texts.map((text) => text ?? '')),
    covers: covers === undefined ? null : covers.map((part) => readPart(part, scope)?.value ?? null),
    madeFrom: [...new Set(used)].filter((each) => each !== '').join(', '),
  };
}

/** Injective: no two lists of so many parts make one key. */
export function joined(parts: readonly string[]): string {
  if (parts.length === 1) return parts[0] ?? '';
  return parts
    .map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A'))
    .join(':')
    .replace(/:+$/, '');
}

/** Null where an item is neither an event nor to be skipped: it would be lost without a word. */
function listed(each: readonly (Listed | Skipped)[], scope: Scope): readonly SenderEvent[] | null {
  const events: SenderEvent[] = [];
  for (const of of new Set(each.map((one) => one.of))) {
    const ofList = each.filter((one) => one.of === of);
    for (const item of itemsOf(of, scope)) {
      const read = readItem(ofList, item);
      if (read === null) return null;
      if (read !== 'skipped') events.push(read);
    }
  }
  return events;
}

function readItem(each: readonly (Listed | Skipped)[], scope: Scope): SenderEvent | 'skipped' | null {
  for (const one of each) {
    if (one.when !== undefined && !holds(one.when, scope)) continue;
    if ('skip' in one) return 'skipped';
    const event = eventOf(one, scope);
    if (event !== null) return event;
  }
  return null;
}

/** The items of a list, and of lists in lists, each with what is around it. */
function itemsOf(of: string, scope: Scope): readonly Scope[] {
  const path = of.slice('body:'.length).split('.');
  let scopes: readonly (readonly [Json | undefined, Scope])[] = [[scope.values.get('body'), scope]];
  for (const step of path) {
    const name = step.replace('[]', '');
    scopes = scopes.flatMap(([value, around]) => {
      const member = name === '' ? value : isObject(value) ? value[name] : undefined;
      if (!step.endsWith('[]')) return [[member, around] as const];
      const items: readonly Json[] = Array.isArray(member)
        ? member
        : name === '' && isObject(member)
          ? [member]
          : [];
      return items.map((item) => [item, inside(around, name, item)] as const);
    });
  }
  return scopes.map(([, each]) => each);
}

const inside = ({ delivery, values }: Scope, list: string, item: Json): Scope => ({
  delivery,
  values: new Map([...values, ...(list === '' ? [] : [[list, item] as const]), ['item', item]]),
});

/** A webhook may be set to send a form, one of whose fields is the JSON. */
function unwrapped(body: Json, jsonIn: string | undefined): Json {
  const text = jsonIn !== undefined && isObject(body) ? body[jsonIn] : undefined;
  if (typeof text !== 'string') return body;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return body;
  }
}
