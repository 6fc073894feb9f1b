import { isObject, type Json } from '../json.ts';
import type { Delivery } from './delivery.ts';
import { describe, isOptional, readPart, textAt, type Part, type Scope } from './part.ts';
import type { Condition, Listed, OneEvent, Sender, Skipped } from './sender.ts';

/** One event of a delivery. */
export interface SenderEvent {
  /** Unique among all events of this sender, and the same on every redelivery. */
  readonly key: string;
  /** What the event is about; null if nothing is known to stay the same. */
  readonly covers: Json;
  /** What the key is made from, in words. */
  readonly madeFrom: string;
}

/** The result of a sender's rules for a delivery. `lists`: the paths of its events, if there may be several. */
export type Ruled =
  { readonly events: readonly SenderEvent[]; readonly lists: readonly string[] } | { readonly none: string };

export const scopeOf = ({ jsonIn }: Pick<Sender, 'jsonIn'>, delivery: Delivery): Scope => ({
  delivery,
  values: new Map([['body', unwrapped(delivery.body, jsonIn)]]),
});

/** Whether a delivery looks like one of this sender. */
export const isSeen = (sender: Sender, delivery: Delivery): boolean => {
  const scope = scopeOf(sender, delivery);
  return sender.seen.some((condition) => holds(condition, scope));
};

/** Applies the first rule that fits; null if none does. */
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

/** Null if a required part of the key is missing. */
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

/** Joins parts to a key. It is injective: two different lists of the same length never make the same key. */
export function joined(parts: readonly string[]): string {
  if (parts.length === 1) return parts[0] ?? '';
  return parts
    .map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A'))
    .join(':')
    .replace(/:+$/, '');
}

/** The events of the listed items. Null if an item is neither an event nor to be skipped, since it would be lost silently. */
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

/** The items of a list, and of lists within lists, each with the items that contain it. */
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

/** The JSON in a field of a form, since some webhooks can be set to send one. */
function unwrapped(body: Json, jsonIn: string | undefined): Json {
  const text = jsonIn !== undefined && isObject(body) ? body[jsonIn] : undefined;
  if (typeof text !== 'string') return body;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return body;
  }
}
