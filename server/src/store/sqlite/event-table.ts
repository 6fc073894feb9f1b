import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { ofJob, type DayCount, type EventType, type JobCounts, type KeyEvent } from '../../claims/events.ts';
import { eventTypes } from '../shared/codes.ts';
import { DAY_MS } from '../../claims/record.ts';
import {
  dayName,
  dayNumber,
  IDS_PER_MS,
  KEPT_OF_A_TENANT,
  oldestKept,
  SCANNED_EVENTS,
  SELDOM,
  createJobCounts,
} from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';
import { prepareSurplus } from './surplus.ts';

export type StoredEvent = KeyEvent & { readonly tenant: number };

export interface EventTable {
  /** Appends events and counts them by day, in the current transaction. Returns them with their ids. */
  write(events: readonly NewEvent[]): readonly StoredEvent[];
  /** The newest first. */
  recent(tenant: number, part: EventPart, only: EventFilter): readonly KeyEvent[];
  /** From `fromDay` to `toDay`, both included. */
  days(tenant: number, fromDay: string, toDay: string): readonly DayCount[];
  /** How many events of one type each job has, among a bounded number of recent events. */
  jobs(tenant: number, type: EventType, limit: number): JobCounts;
  /** Marks an event of which deliveries must be made. */
  addToOutbox(event: StoredEvent): void;
  /** Up to `limit` events of which deliveries must be made, the oldest first. */
  outbox(limit: number): readonly StoredEvent[];
  /** Removes the events up to this id from the outbox. */
  removeFromOutbox(upTo: number): void;
  /**
   * Removes up to `limit` events of a tenant that are too old at `now`, or too many, but none from the outbox. Returns how many.
   */
  sweep(tenant: number, now: number, limit: number): number;
}

export interface EventPart {
  readonly limit: number;
  /** How many of the newest are skipped. */
  readonly offset: number;
}

export interface EventFilter {
  readonly type: EventType | null;
  readonly job: string | null;
  readonly key: string | null;
}

export function prepareEventTable(db: DatabaseSync, keptDays: number): EventTable {
  const last = db.prepare('SELECT event FROM meta');
  const setLast = db.prepare('UPDATE meta SET event = ?');
  const insert = db.prepare(
    `INSERT INTO events (tenant, id, at, type, key, run, attempt, first_seen_at, error_code, by, origin)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const count = db.prepare(
    `INSERT INTO event_days (tenant, day, type, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const columns = `id, at, type, key, run, attempt, coalesce(first_seen_at, at) AS firstSeenAt,
    error_code AS errorCode, by, origin`;
  const newest = db.prepare(
    `SELECT ${columns} FROM events WHERE tenant = ? ORDER BY id DESC LIMIT ? OFFSET ?`,
  );
  const newestOf = db.prepare(
    // Without the hint, SQLite would read all events of the tenant backwards.
    `SELECT ${columns} FROM events INDEXED BY events_seldom
     WHERE tenant = ? AND type = ? AND type IN (${SELDOM.join(', ')}) ORDER BY id DESC LIMIT ?`,
  );
  const newestOfKey = db.prepare(
    `SELECT ${columns} FROM events WHERE tenant = ? AND id > ? AND key = ? ORDER BY id DESC`,
  );
  const looked = db.prepare(
    'SELECT at, type, key, origin FROM events WHERE tenant = ? ORDER BY id DESC LIMIT ?',
  );
  const days = db.prepare(
    'SELECT day, type, count FROM event_days WHERE tenant = ? AND day BETWEEN ? AND ? ORDER BY day, type',
  );
  const surplus = prepareSurplus(db, { table: 'events', owner: 'tenant', id: 'id', kept: KEPT_OF_A_TENANT });
  const remove = db.prepare(
    `DELETE FROM events WHERE tenant = ?1 AND id IN
       (SELECT id FROM events WHERE tenant = ?1 AND id <= ?2 ORDER BY id LIMIT ?3)`,
  );
  const addToOutbox = db.prepare('INSERT INTO outbox (event, tenant) VALUES (?, ?)');
  const inOutbox = db.prepare(
    `SELECT outbox.tenant, ${columns} FROM outbox CROSS JOIN events ON events.tenant = outbox.tenant AND id = event
     WHERE event > 0 ORDER BY event LIMIT ?`,
  );
  const oldestInOutbox = db.prepare('SELECT min(event) AS event FROM outbox WHERE tenant = ?');
  const removeFromOutbox = db.prepare('DELETE FROM outbox WHERE event <= ?');

  function writeDays(events: readonly NewEvent[]): void {
    const counts = new Map<string, { tenant: number; day: number; type: number; count: number }>();
    for (const { tenant, at, type } of events) {
      const row = { tenant, day: Math.floor(at / DAY_MS), type: eventTypes.code(type), count: 1 };
      const id = `${row.tenant}/${row.day}/${row.type}`;
      const same = counts.get(id);
      if (same === undefined) counts.set(id, row);
      else same.count += 1;
    }
    for (const row of counts.values()) count.run(row.tenant, row.day, row.type, row.count);
  }

  function newestFirst(
    tenant: number,
    type: number | null,
    key: string | null,
    { limit, offset }: EventPart,
  ): Iterable<Record<string, SQLOutputValue>> {
    if (key !== null) return newestOfKey.iterate(tenant, surplus.exact(tenant), key);
    return type !== null && SELDOM.includes(type)
      ? newestOf.iterate(tenant, type, limit)
      : newest.iterate(tenant, limit, offset);
  }

  return {
    write(events) {
      let id = Number(last.get()?.['event']);
      const stored = events.map((event): StoredEvent => {
        const { tenant, at, type, key, run, origin, attempt, firstSeenAt, errorCode, by } = event;
        id = Math.max(id + 1, at * IDS_PER_MS);
        const code = eventTypes.code(type);
        insert.run(tenant, id, at, code, key, run, attempt, firstSeenAt, errorCode, by, origin);
        return { ...event, id };
      });
      setLast.run(id);
      writeDays(events);
      return stored;
    },
    recent(tenant, part, { type, job, key }) {
      const code = type === null ? null : eventTypes.code(type);
      const found: KeyEvent[] = [];
      const isFiltered = code !== null || job !== null || key !== null;
      const scanned = isFiltered ? { limit: SCANNED_EVENTS, offset: 0 } : part;
      let leftOut = scanned.offset;
      for (const row of newestFirst(tenant, code, key, scanned)) {
        if (code !== null && row['type'] !== code) continue;
        const event = row as unknown as KeyEvent;
        if (!ofJob(event, job)) continue;
        if (leftOut < part.offset) {
          leftOut += 1;
          continue;
        }
        found.push({ ...event, type: eventTypes.value(row['type'] as number) });
        if (found.length === part.limit) break;
      }
      return found;
    },
    addToOutbox: ({ id, tenant }) => void addToOutbox.run(id, tenant),
    outbox: (limit) =>
      inOutbox.all(limit).map((row) => ({
        ...(row as unknown as StoredEvent),
        type: eventTypes.value(row['type'] as number),
      })),
    removeFromOutbox: (upTo) => void removeFromOutbox.run(upTo),
    days: (tenant, fromDay, toDay) =>
      days.all(tenant, dayNumber(fromDay), dayNumber(toDay)).map((row) => ({
        day: dayName(row['day'] as number),
        type: eventTypes.value(row['type'] as number),
        count: row['count'] as number,
      })),
    jobs(tenant, type, limit) {
      const code = eventTypes.code(type);
      const counts = createJobCounts();
      let sinceAt: number | null = null;
      for (const row of looked.iterate(tenant, SCANNED_EVENTS)) {
        sinceAt = row['at'] as number;
        if (row['type'] === code) counts.add(row as unknown as Pick<KeyEvent, 'key' | 'origin'>);
      }
      return { sinceAt, jobs: counts.most(limit) };
    },
    sweep(tenant, now, limit) {
      const needed = Number(oldestInOutbox.get(tenant)?.['event'] ?? Infinity);
      const last = Math.min(Math.max(oldestKept(now, keptDays), surplus.lately(tenant)), needed - 1);
      return Number(remove.run(tenant, last, limit).changes);
    },
  };
}
