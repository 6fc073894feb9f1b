import { ofJob } from '../../claims/events.ts';
import { MAX_WAITING } from '../../hooks/hook-store.ts';
import { eventTypes } from '../shared/codes.ts';
import { DAY_MS } from '../../claims/record.ts';
import { IDS_PER_MS, TOO_MANY_WAITING, wants } from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';
import { EVENTS, literalOf } from './rows.ts';
import type { Tx } from './connection.ts';

const MANY_EVENTS = 5_000;
const COLUMNS = EVENTS.columns.join(', ');

interface Listener {
  readonly number: number;
  readonly tenant: number;
  readonly events: number;
  readonly job: string | null;
  readonly waiting: number;
}

/**
 * Writes the events in the buffer and then `own`, with a delivery for each hook that wants them. Servers write events one after the
 * other, so that ids grow in the order of commits. The row of a hook is locked before its deliveries are read.
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
  const listeners = await tx.query<Listener>(
    `SELECT number, tenant, events, job, waiting FROM hooks
     WHERE tenant = ANY ($1::int[]) AND removed_at IS NULL AND disabled_at IS NULL ORDER BY number FOR UPDATE`,
    [[...new Set(events.map(({ tenant }) => tenant))]],
  );
  for (const listener of listeners) {
    const wanted = rows.filter(
      (row) =>
        row.tenant === listener.tenant &&
        wants(listener, eventTypes.value(row.type)) &&
        ofJob(row, listener.job),
    );
    if (wanted.length > 0) deliver(tx, listener, wanted);
  }
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

/** Adds deliveries. Only the earliest waiting event of each key is due. */
function deliver(tx: Tx, { number, waiting }: Listener, rows: readonly { readonly at: number }[]): void {
  tx.send(
    `INSERT INTO deliveries (hook, event, state, next_at, attempts, at, type, key, run, attempt, first_seen_at, error_code, origin)
     SELECT $1, id, 0,
       CASE WHEN row_number() OVER (PARTITION BY key ORDER BY id) = 1 AND NOT EXISTS (
         SELECT FROM deliveries d WHERE d.hook = $1 AND d.key = new.key AND d.state = 0) THEN at END,
       0, at, type, key, run, attempt, first_seen_at, error_code, origin
     FROM unnest($2::${EVENTS.row}[]) AS new`,
    [number, rows.map((row) => literalOf(EVENTS, row))],
  );
  tx.send('UPDATE hooks SET waiting = waiting + $2 WHERE number = $1', [number, rows.length]);
  if (waiting + rows.length > MAX_WAITING) {
    tx.send(
      'UPDATE hooks SET disabled_at = $2, disabled_reason = $3 WHERE number = $1 AND disabled_at IS NULL',
      [number, Math.max(...rows.map(({ at }) => at)), TOO_MANY_WAITING],
    );
  }
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
