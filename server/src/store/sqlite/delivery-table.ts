import type { DatabaseSync } from 'node:sqlite';
import type { Delivery, DueDelivery, Settled } from '../../hooks/hook-store.ts';
import { eventTypes } from '../shared/codes.ts';
import { KEPT_OF_A_HOOK } from '../shared/event-rules.ts';
import type { StoredEvent } from './event-table.ts';
import { prepareSurplus } from './surplus.ts';

/** The values of the column `state`. */
const WAITING = 0;
const DELIVERED = 1;
const GIVEN_UP = 2;

/**
 * Deliveries to hooks, with everything that is sent, so that they can outlive the events. For one hook and key, only the earliest
 * waiting delivery has a `next_at`. That keeps the order, and lets due deliveries be found without reading the others.
 */
export interface DeliveryTable {
  add(hook: number, event: StoredEvent): void;
  /** Takes up to `limit` due deliveries, counts the attempt, and makes them due again at `until`. */
  take(
    hook: number,
    now: number,
    until: number,
    limit: number,
  ): readonly Pick<DueDelivery, 'event' | 'attempt'>[];
  /** Stores the outcome of an attempt. Returns whether this ended a waiting delivery. */
  settle(hook: number, eventId: number, settled: Settled, now: number): boolean;
  /** The newest event first. */
  log(hook: number, limit: number): readonly Delivery[];
  /**
   * Removes up to `limit` deliveries: those of events up to the id `before`, and those beyond the number that is kept. Of a `live`
   * hook, waiting deliveries remain.
   */
  sweep(hook: number, before: number, live: boolean, limit: number): number;
}

export function prepareDeliveryTable(db: DatabaseSync): DeliveryTable {
  const insert = db.prepare(
    `INSERT INTO deliveries (hook, event, state, next_at, attempts, at, type, key, run, attempt, first_seen_at, error_code, origin)
     VALUES (?1, ?2, ${WAITING},
       CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE hook = ?1 AND key = ?5 AND state = ${WAITING}) THEN NULL ELSE ?3 END,
       0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
  );
  const due = db.prepare(
    `SELECT event AS id, at, type, key, run, attempt, first_seen_at AS firstSeenAt, error_code AS errorCode, origin,
       attempts
     FROM deliveries WHERE hook = ? AND next_at <= ? ORDER BY next_at LIMIT ?`,
  );
  const lease = db.prepare(
    'UPDATE deliveries SET next_at = ?, attempts = attempts + 1 WHERE hook = ? AND event = ?',
  );
  const end = db.prepare(
    `UPDATE deliveries SET state = ?, next_at = NULL, delivered_at = ?, status_code = ?, error = ?
     WHERE hook = ? AND event = ? AND state = ${WAITING}`,
  );
  const again = db.prepare(
    `UPDATE deliveries SET next_at = ?, status_code = ?, error = ? WHERE hook = ? AND event = ? AND state = ${WAITING}`,
  );
  const promote = db.prepare(
    `UPDATE deliveries SET next_at = ?3 WHERE hook = ?1 AND event = (
       SELECT min(event) FROM deliveries WHERE hook = ?1 AND state = ${WAITING}
         AND key = (SELECT key FROM deliveries WHERE hook = ?1 AND event = ?2))`,
  );
  const newest = db.prepare(
    `SELECT event AS eventId, type, key, at, attempts, next_at AS nextAt, delivered_at AS deliveredAt,
       status_code AS statusCode, error
     FROM deliveries WHERE hook = ? ORDER BY event DESC LIMIT ?`,
  );
  const surplus = prepareSurplus(db, {
    table: 'deliveries',
    owner: 'hook',
    id: 'event',
    kept: KEPT_OF_A_HOOK,
  });
  const remove = db.prepare(
    `DELETE FROM deliveries WHERE hook = ?1 AND event IN (
       SELECT event FROM deliveries WHERE hook = ?1 AND event <= ?2 AND (?3 = 0 OR state <> ${WAITING}) LIMIT ?4)`,
  );

  return {
    add(hook, { id, at, type, key, run, origin, attempt, firstSeenAt, errorCode }) {
      insert.run(hook, id, at, eventTypes.code(type), key, run, attempt, firstSeenAt, errorCode, origin);
    },
    take(hook, now, until, limit) {
      return due.all(hook, now, limit).map((row) => {
        const { attempts, type, ...event } = row as unknown as Row;
        lease.run(until, hook, event.id);
        return { event: { ...event, type: eventTypes.value(type) }, attempt: attempts + 1 };
      });
    },
    settle(hook, eventId, settled, now) {
      const { statusCode } = settled;
      switch (settled.outcome) {
        case 'delivered': {
          const ended = end.run(DELIVERED, now, statusCode, null, hook, eventId).changes > 0;
          if (ended) promote.run(hook, eventId, now);
          return ended;
        }
        case 'retry':
          again.run(now + settled.afterMs, statusCode, settled.error, hook, eventId);
          return false;
        case 'disable':
          return end.run(GIVEN_UP, null, statusCode, settled.error, hook, eventId).changes > 0;
      }
    },
    log: (hook, limit) =>
      newest.all(hook, limit).map(({ type, ...row }) => ({
        ...(row as unknown as Omit<Delivery, 'eventType'>),
        eventType: eventTypes.value(type as number),
      })),
    sweep(hook, before, live, limit) {
      const last = Math.max(before, surplus.lately(hook));
      return Number(remove.run(hook, last, live ? 1 : 0, limit).changes);
    },
  };
}

type Row = Omit<DueDelivery['event'], 'type'> & { readonly type: number; readonly attempts: number };
