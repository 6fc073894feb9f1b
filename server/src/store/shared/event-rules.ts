import { DAY_MS } from '../../claims/record.ts';
import {
  EVENT_TYPES,
  type EventType,
  jobOf,
  type JobCounts,
  type KeyEvent,
  ofJob,
  whereOf,
} from '../../claims/events.ts';
import { MAX_WAITING } from '../../hooks/hook-store.ts';
import { eventTypes } from './codes.ts';

export const KEPT_OF_A_TENANT = 50_000;
/** The id of an event is at least its instant times this, so that a range of ids is a range of time. */
export const IDS_PER_MS = 1_024;
/** The most events that a filtered query reads, so that a search for a rare job does not delay claims. */
export const SCANNED_EVENTS = 20_000;
/** The codes of rare types. They have an index (`events_seldom`), so they are found among any number of others. */
export const SELDOM: readonly number[] = [2, 4, 5, 6, 7, 8, 9];

/** Events with a lower id are older than `days` at `now`. */
export function oldestKept(now: number, days: number): number {
  return (now - days * DAY_MS) * IDS_PER_MS;
}

/** A day such as `2026-11-25`, as the number of days since the epoch. */
export function dayNumber(day: string): number {
  return Math.floor(Date.parse(day) / DAY_MS);
}

export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Types of events as one number, with one bit for each type. */
export const maskOf = (types: readonly EventType[]): number =>
  types.reduce((mask, type) => mask | bitOf(type), 0);

export const typesOf = (mask: number): readonly EventType[] =>
  EVENT_TYPES.filter((type) => mask & bitOf(type));

const bitOf = (type: EventType): number => 1 << eventTypes.code(type);

/** The parts of a hook that decide whether it gets an event. */
export interface Listener {
  readonly number: number;
  readonly tenant: number;
  /** The types of events, one bit for each. */
  readonly events: number;
  readonly job: string | null;
  readonly waiting: number;
}

/** Whether a hook gets this event. */
export const wants = (listener: Listener, event: ListenedEvent): boolean =>
  listener.tenant === event.tenant &&
  (listener.events & bitOf(event.type)) !== 0 &&
  ofJob(event, listener.job);

type ListenedEvent = Pick<KeyEvent, 'at' | 'type' | 'key'> & { readonly tenant: number };

/** About how many deliveries are made in one transaction. Claims wait meanwhile. */
const DELIVERIES_A_STEP = 500;
/** The most events of the outbox that are read for one step. */
export const EVENTS_A_STEP = 500;

/** The deliveries of one step. */
export interface DeliveryStep<Event> {
  /** For each hook that gets some, the events that it gets, in their order. */
  readonly deliveries: ReadonlyMap<Listener, readonly Event[]>;
  /** How many of the events have all their deliveries now. */
  readonly done: number;
}

/** Plans the deliveries of events from the outbox, until there are enough for one step. */
export function planStep<Event extends ListenedEvent>(
  events: readonly Event[],
  listeners: readonly Listener[],
): DeliveryStep<Event> {
  const deliveries = new Map<Listener, Event[]>();
  let [done, planned] = [0, 0];
  for (const event of events) {
    if (planned >= DELIVERIES_A_STEP) break;
    for (const listener of listeners) {
      if (!wants(listener, event)) continue;
      const those = deliveries.get(listener);
      if (those === undefined) deliveries.set(listener, [event]);
      else those.push(event);
      planned += 1;
    }
    done += 1;
  }
  return { deliveries, done };
}

/** The reason when a hook is disabled because too many deliveries wait for it. */
export const TOO_MANY_WAITING = `More than ${MAX_WAITING.toLocaleString('en-US')} events waited to be delivered.`;

export const KEPT_OF_A_HOOK = 10_000;

export const revoked = (apiKeyId: string): string => `The API key that made it, ${apiKeyId}, was revoked.`;

const nameOf = ({ job, platform, workflow }: JobCounts['jobs'][number]): string =>
  [job, platform, workflow].map((part) => part ?? '').join('\0');

/** Counts events by the job of their key, and by where their run is. */
export function createJobCounts() {
  const counts = new Map<string, JobCounts['jobs'][number]>();
  return {
    add({ key, origin }: { readonly key: string; readonly origin: string | null }): void {
      const { platform, workflow } = whereOf(origin);
      const job = jobOf(key);
      const name = JSON.stringify([job, platform, workflow]);
      counts.set(name, { job, platform, workflow, count: (counts.get(name)?.count ?? 0) + 1 });
    },
    /** The highest counts first; the same counts by name. */
    most: (limit: number): JobCounts['jobs'] =>
      [...counts.values()]
        .sort((one, other) => other.count - one.count || (nameOf(one) < nameOf(other) ? -1 : 1))
        .slice(0, limit),
  };
}
