import { isObject, type Json, type JsonObject } from '../json.ts';
import { hashOf } from './canonical.ts';
import type { Delivery, Fault } from './delivery.ts';

/** A key that is made from the content of a delivery, or from fields of it, because there is no id of the sender. */
export interface Content {
  /** A hash of the content that counts. */
  readonly key: string;
  readonly covers: Json;
  /** What the key was made from, as the end of “The key was made from …”. */
  readonly madeFrom: string;
  /** Paths of content that counts, and whose names look like a time or a retry, which a resend may change. */
  readonly warnings: readonly string[];
  /** The paths in `leaveOut` that the content has. */
  readonly ignored: readonly string[];
}

interface Choice {
  /** The paths that count (`order.id`, `items.0.sku`). Default: everything. */
  readonly fields?: readonly string[] | undefined;
  /** The paths that do not count. A list on the path stands for each of its elements. */
  readonly leaveOut: readonly string[];
}

/**
 * Makes a key from the content of a delivery. Nothing is left out because of its name: the second `attempt` of a quiz and the next
 * `timestamp` of a sensor are new events. Returns a fault if nothing is left, or if a chosen field is missing or empty.
 */
export function contentOf({ body }: Delivery, { fields, leaveOut }: Choice): Content | Fault {
  const ignored = leaveOut.filter((path) => valuesAt(body, path).length > 0);
  const left = ignored.reduce(without, body);
  if (fields !== undefined) {
    const chosen = chosenOf(left, fields);
    if ('field' in chosen) return chosen;
    const warnings = Object.entries(chosen.covers).flatMap(([field, value]) =>
      warningsIn(value).map((path) => `${field}.${path}`),
    );
    return {
      ...contentKey(chosen.covers),
      madeFrom: named('the fields', 'the field', fields),
      warnings,
      ignored,
    };
  }
  if (saysNothing(left)) return ignored.length > 0 ? NOTHING_LEFT : { field: 'payload', message: NOTHING };
  const madeFrom = `the whole content${ignored.length === 0 ? '' : ` without ${quoted(ignored)}`}`;
  return { ...contentKey(left), madeFrom, warnings: warningsIn(left), ignored };
}

export const NOTHING = 'payload is empty: nothing in it tells one event from another.';

const NOTHING_LEFT: Fault = {
  field: 'leave_out',
  message: 'leave_out leaves nothing that tells one event from another.',
};

const contentKey = (covers: Json) => ({ key: `sha256-${hashOf(covers)}`, covers });

const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');

const named = (several: string, one: string, names: readonly string[]): string =>
  `${names.length === 1 ? one : several} ${quoted(names)}`;

/** Whether a value is missing, empty or blank. All events without content would share one key. */
const saysNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Turns a single value into text, since some platforms pass on 42, and others "42". */
function textOf(value: Json): Json {
  if (typeof value === 'number' && Number.isInteger(value)) return String(BigInt(value));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function chosenOf(
  body: Json,
  fields: readonly string[],
): { readonly covers: JsonObject & Readonly<Record<string, Json>> } | Fault {
  const chosen = fields.map((field) => [field, fieldOf(body, field)] as const);
  const empty = chosen.find(([, value]) => saysNothing(value));
  if (empty !== undefined) {
    const message = `fields names “${empty[0]}”, which is missing or empty. All events without it would share one key.`;
    return { field: 'fields', message };
  }
  return { covers: Object.fromEntries(chosen.map(([field, value]) => [field, textOf(value ?? null)])) };
}

/** The member at a path. A member whose own name contains dots takes precedence. */
export function fieldOf(value: Json | undefined, path: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = value as Readonly<Record<string, Json>>;
  if (Object.hasOwn(members, path)) return members[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const name = path.slice(0, dot);
  return Object.hasOwn(members, name) ? fieldOf(members[name], path.slice(dot + 1)) : undefined;
}

/** All values at a path. A list on the path stands for each of its elements. */
function valuesAt(value: Json | undefined, path: string): readonly Json[] {
  const found = fieldOf(value, path);
  if (found !== undefined) return [found];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((each) => valuesAt(each, path));
  if (!isObject(value)) return [];
  return splits(path).flatMap(([name, rest]) => valuesAt(value[name], rest));
}

/** The value without the member at the path. */
function without(value: Json, path: string): Json {
  if (Array.isArray(value)) return withoutInList(value as readonly Json[], path);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, path)) {
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== path));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const rest = splits(path).find(([front]) => front === name)?.[1];
      return [name, rest === undefined || each === undefined ? each : without(each, rest)];
    }),
  );
}

/** Removes a path from a list. If the path starts with a number, it means that element, otherwise each element. */
function withoutInList(list: readonly Json[], path: string): Json {
  const [, nth, rest] = /^(\d+)(?:\.(.+))?$/.exec(path) ?? [];
  if (nth === undefined) return list.map((each) => without(each, path));
  if (rest === undefined) return list.filter((_each, index) => String(index) !== nth);
  return list.map((each, index) => (String(index) === nth ? without(each, rest) : each));
}

/** All ways to split a path at a dot. */
const splits = (path: string): readonly (readonly [string, string])[] =>
  [...path.matchAll(/\./g)].map(({ index }) => [path.slice(0, index), path.slice(index + 1)] as const);

/** Names of members that tell the time or the number of a delivery, in lower case and without separators. */
const OF_A_DELIVERY = new Set([
  ...[
    'timestamp',
    'sentat',
    'senttime',
    'deliveredat',
    'deliverytime',
    'receivedat',
    'requesttime',
    'servertime',
  ],
  ...[
    'webhooktimestamp',
    'eventtime',
    'firedat',
    'triggeredat',
    'emittedat',
    'generatedat',
    'time',
    'now',
    'nonce',
  ],
  ...['attempt', 'attempts', 'attemptnumber', 'attemptcount', 'deliveryattempt', 'deliveryattempts'],
  ...['webhookdeliveryattempt', 'deliverycount', 'deliverystatus', 'webhookstatus', 'retriesremaining'],
  ...['retry', 'retries', 'retrycount', 'retrynumber', 'retrynum', 'isretry', 'redelivery', 'redelivered'],
  ...['deliveryid', 'requestid', 'notificationid', 'traceid', 'signature', 'pendingwebhooks'],
]);

const isOfADelivery = (name: string): boolean =>
  OF_A_DELIVERY.has(name.toLowerCase().replaceAll(/[-_ ]/g, ''));

/** The paths of members at any depth whose names look like a time or a retry. Each is listed once, without the indexes of lists. */
function warningsIn(value: Json): readonly string[] {
  const inside = (each: Json | undefined): readonly string[] => {
    if (Array.isArray(each)) return (each as readonly Json[]).flatMap(inside);
    if (!isObject(each)) return [];
    return Object.entries(each).flatMap(([name, member]) =>
      isOfADelivery(name) ? [name] : inside(member).map((path) => `${name}.${path}`),
    );
  };
  return [...new Set(inside(value))];
}
