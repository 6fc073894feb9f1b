import { eventTypes } from '../shared/codes.ts';
import { DAY_MS } from '../../claims/record.ts';
import { IDS_PER_MS, type Listener, wants } from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';
import { EVENTS, literalOf } from './rows.ts';
import type { Tx } from './connection.ts';

const MANY_EVENTS = 5_000;
const COLUMNS = EVENTS.columns.join(', ');

/** The hooks of some tenants. */
export const LISTENERS = `SELECT number, tenant, events, job, waiting FROM hooks
  WHERE tenant = ANY ($1::int[]) AND removed_at IS NULL AND disabled_at IS NULL ORDER BY number`;

export const tenantsOf = (events: readonly { readonly tenant: number }[]): readonly number[] => [
  ...new Set(events.map(({ tenant }) => tenant)),
];

/**
 * Writes the events in the buffer and then `own`, and adds those that some hook wants to the outbox. Servers write events one after
 * the other, so that ids grow in the order of commits.
 */
export async function writeEvents(tx: Tx, buffer: EventBuffer, own: readonly NewEvent[]): Promise<void> {
  const [counter] = await tx.query<{ value: number }>(
    `SELECT value FROM counters WHERE name = 'event' FOR UPDATE`,
  );
  const held = buffer.take(own.length > 0 ? buffer.size : MANY_EVENTS);
  tx.onUndone(() => {
    buffer.giveBack(held);
  });
  tx.onEnded(() => {
    buffer.ended(held);
  });
  await write(tx, counter?.value ?? 0, [...held, ...own]);
}

async function write(tx: Tx, last: number, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  let id = last;
  const rows = events.map((event) => {
    id = Math.max(id + 1, event.at * IDS_PER_MS);
    const { tenant, at, key, run, origin, attempt, by } = event;
    const named = { type: eventTypes.code(event.type), first_seen_at: event.firstSeenAt };
    return { tenant, id, at, key, run, origin, attempt, by, error_code: event.errorCode, ...named };
  });
  tx.send(`UPDATE counters SET value = $1 WHERE name = 'event'`, [id]);
  tx.send(`INSERT INTO events (${COLUMNS}) SELECT ${COLUMNS} FROM unnest($1::${EVENTS.row}[])`, [
    rows.map((row) => literalOf(EVENTS, row)),
  ]);
  tx.send(
    `INSERT INTO event_days SELECT * FROM json_populate_recordset(null::event_days, $1) ORDER BY tenant, day, type
     ON CONFLICT (tenant, day, type) DO UPDATE SET count = event_days.count + excluded.count`,
    [JSON.stringify(countDays(rows))],
  );
  const listeners = Map.groupBy(
    await tx.query<Listener>(LISTENERS, [tenantsOf(events)]),
    ({ tenant }) => tenant,
  );
  const wanted = rows.filter((row) => {
    const event = { ...row, type: eventTypes.value(row.type) };
    return listeners.get(row.tenant)?.some((listener) => wants(listener, event));
  });
  if (wanted.length === 0) return;
  tx.send('INSERT INTO outbox (event, tenant) SELECT * FROM unnest($1::bigint[], $2::int[])', [
    wanted.map(({ id }) => id),
    wanted.map(({ tenant }) => tenant),
  ]);
}

function countDays(rows: readonly { readonly tenant: number; readonly at: number; readonly type: number }[]) {
  const days = new Map<string, { tenant: number; day: number; type: number; count: number }>();
  for (const { tenant, at, type } of rows) {
    const day = Math.floor(at / DAY_MS);
    const id = `${tenant}/${day}/${type}`;
    const counted = days.get(id) ?? { tenant, day, type, count: 0 };
    counted.count += 1;
    days.set(id, counted);
  }
  return [...days.values()];
}

/** Holds events of committed batches until they are written, so that no claim waits for its events. */
export interface EventBuffer {
  readonly size: number;
  /** How many events were ever added. */
  readonly collected: number;
  /** How many of them are neither held nor taken by a transaction that has not ended. */
  readonly written: number;
  /** Adds events. They are dropped if too many are held. */
  collect(events: readonly NewEvent[]): void;
  /** Removes up to `limit` events, the oldest first. Call it under the lock of event writers, so that the order is kept. */
  take(limit: number): readonly NewEvent[];
  /** Puts events back to the front, because they were not written. */
  giveBack(events: readonly NewEvent[]): void;
  /** The transaction that took these has ended. */
  ended(events: readonly NewEvent[]): void;
}

const HELD_EVENTS = 100_000;

/** `onHeld` is called whenever events are added. It must make sure that they are written. */
export function createEventBuffer(onHeld: () => void): EventBuffer {
  let held: NewEvent[] = [];
  let taken = 0;
  let collected = 0;
  return {
    get size() {
      return held.length;
    },
    get collected() {
      return collected;
    },
    get written() {
      return collected - held.length - taken;
    },
    collect(events) {
      if (events.length === 0 || held.length + events.length > HELD_EVENTS) return;
      held = held.concat(events);
      collected += events.length;
      onHeld();
    },
    take(limit) {
      const events = held.splice(0, limit);
      taken += events.length;
      return events;
    },
    ended({ length }) {
      taken -= length;
    },
    giveBack(events) {
      held = [...events, ...held];
      if (held.length > 0) onHeld();
    },
  };
}
