import { isObject, type Json } from '../json.ts';
import { hashOf } from './canonical.ts';
import type { Delivery, Fault } from './delivery.ts';
import { defineSource, type SourceEvent } from './source.ts';

/** What a sender writes anew on each delivery, by its name without case and separators: when, and for the how manieth time. */
const OF_THE_DELIVERY = new Set([
  ...['timestamp', 'sentat', 'senttime', 'deliveredat', 'deliverytime', 'receivedat', 'requesttime'],
  ...['attempt', 'attempts', 'attemptnumber', 'attemptcount', 'deliveryattempt', 'deliveryattempts'],
  ...['retry', 'retries', 'retrycount', 'retrynumber', 'retrynum', 'isretry', 'redelivery'],
  ...['deliveryid', 'requestid', 'signature', 'pendingwebhooks'],
]);

/**
 * Whoever else sends: the hash of the payload's canonical JSON (RFC 8785, rfc-editor.org/rfc/rfc8785), without what stands
 * at its top and changes on each delivery.
 */
export const generic = defineSource({
  id: 'generic',
  label: 'Another sender',
  docs: 'https://www.rfc-editor.org/rfc/rfc8785',
  needs: { field: 'payload', message: 'payload is empty: nothing in it tells one event from another.' },
  looksLike: () => true,
  events: ({ body }) => eventOf(isObject(body) ? withoutIgnored(body) : body),
});

const isOfTheDelivery = (name: string): boolean =>
  OF_THE_DELIVERY.has(name.toLowerCase().replaceAll(/[-_ ]/g, ''));

/** The members of the payload that do not count, since they may change on each delivery. */
export const ignoredIn = ({ body }: Delivery): readonly string[] =>
  isObject(body) ? Object.keys(body).filter(isOfTheDelivery) : [];

const withoutIgnored = (body: Readonly<Record<string, Json | undefined>>): Json =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !isOfTheDelivery(name)));

function eventOf(covers: Json): readonly SourceEvent[] {
  const isEmpty =
    covers === null || covers === '' || (typeof covers === 'object' && Object.keys(covers).length === 0);
  return isEmpty ? [] : [{ key: `sha256-${hashOf(covers)}`, covers }];
}

/** The event that the chosen fields make up, each named by its path (`order.id`, `items.0.sku`). A missing one is a fault. */
export function chosenEvent({ body }: Delivery, fields: readonly string[]): SourceEvent | Fault {
  const chosen = fields.map((field) => [field, fieldOf(body, field)] as const);
  const missing = chosen.find(([, value]) => value === undefined || value === null || value === '');
  if (missing !== undefined) {
    const message = `fields names “${missing[0]}”, which the payload lacks, or has empty: events without it would share one key.`;
    return { field: 'fields', message };
  }
  const covers = Object.fromEntries(chosen) as Readonly<Record<string, Json>>;
  return { key: `sha256-${hashOf(covers)}`, covers };
}

/** A member whose own name has dots comes first. */
function fieldOf(value: Json | undefined, path: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Readonly<Record<string, Json>>)[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const [name, rest] = [path.slice(0, dot), path.slice(dot + 1)];
  return Object.hasOwn(value, name)
    ? fieldOf((value as Readonly<Record<string, Json>>)[name], rest)
    : undefined;
}
