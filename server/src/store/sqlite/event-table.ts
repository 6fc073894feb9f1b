import type { DatabaseSync } from 'node:sqlite';
import type { DayCount, KeyEvent } from '../../claims/events.ts';
import { eventTypes } from './codes.ts';

/** An event that is not in the file yet. */
export type NewEvent = Omit<KeyEvent, 'id'> & { readonly tenant: number };

export interface EventTable {
  /** Appends, in the current transaction; counts them by day as well. */
  write(events: readonly NewEvent[]): void;
  /** The newest first. */
  recent(tenant: number, limit: number): readonly KeyEvent[];
  /** Both days included. */
  days(tenant: number, fromDay: string, toDay: string): readonly DayCount[];
  /** Removes up to `limit` a tenant of those that are too old, or too many, at `now`. */
  sweep(now: number, limit: number): void;
}

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;
const KEPT_OF_A_TENANT = 50_000;
/** An id is at least its instant times this, so that a range of ids is a range of time. */
const IDS_PER_MS = 1_024;

export function prepareEventTable(db: DatabaseSync): EventTable {
  const last = db.prepare('SELECT event FROM meta');
  const setLast = db.prepare('UPDATE meta SET event = ?');
  const insert = db.prepare(
    `INSERT INTO events (tenant, id, at, type, key, run, attempt, error_code, by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const count = db.prepare(
    `INSERT INTO event_days (tenant, day, type, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const newest = db.prepare(
    `SELECT id, at, type, key, run, attempt, error_code AS errorCode, by
     FROM events WHERE tenant = ? ORDER BY id DESC LIMIT ?`,
  );
  const days = db.prepare(
    'SELECT day, type, count FROM event_days WHERE tenant = ? AND day BETWEEN ? AND ? ORDER BY day, type',
  );
  const tenants = db.prepare('SELECT id FROM tenants');
  const surplus = db.prepare('SELECT id FROM events WHERE tenant = ? ORDER BY id DESC LIMIT 1 OFFSET ?');
  const remove = db.prepare(
    `DELETE FROM events WHERE tenant = ?1 AND id IN
       (SELECT id FROM events WHERE tenant = ?1 AND id <= ?2 ORDER BY id LIMIT ?3)`,
  );

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

  return {
    write(events) {
      let id = Number(last.get()?.['event']);
      for (const { tenant, at, type, key, run, attempt, errorCode, by } of events) {
        id = Math.max(id + 1, at * IDS_PER_MS);
        insert.run(tenant, id, at, eventTypes.code(type), key, run, attempt, errorCode, by);
      }
      setLast.run(id);
      writeDays(events);
    },
    recent: (tenant, limit) =>
      newest.all(tenant, limit).map((row) => ({
        ...(row as unknown as KeyEvent),
        type: eventTypes.value(row['type'] as number),
      })),
    days: (tenant, fromDay, toDay) =>
      days.all(tenant, dayNumber(fromDay), dayNumber(toDay)).map((row) => ({
        day: new Date((row['day'] as number) * DAY_MS).toISOString().slice(0, 10),
        type: eventTypes.value(row['type'] as number),
        count: row['count'] as number,
      })),
    sweep(now, limit) {
      const tooOld = (now - KEPT_MS) * IDS_PER_MS;
      for (const { id: tenant } of tenants.all() as { id: number }[]) {
        const tooMany = surplus.get(tenant, KEPT_OF_A_TENANT)?.['id'] as number | undefined;
        remove.run(tenant, Math.max(tooOld, tooMany ?? 0), limit);
      }
    },
  };
}

function dayNumber(day: string): number {
  return Math.floor(Date.parse(day) / DAY_MS);
}
