import { ofJob, type KeyEvent } from '../../claims/events.ts';
import { eventTypes } from '../shared/codes.ts';
import { dayName, dayNumber, SCANNED_EVENTS, SELDOM } from '../shared/event-rules.ts';
import type { Tenants } from '../shared/transaction.ts';
import type { Desk } from './desk-lane.ts';

type EventRow = Omit<KeyEvent, 'type'> & { readonly type: number };

const COLUMNS =
  'id, at, type, key, run, attempt, first_seen_at AS "firstSeenAt", error_code AS "errorCode", by';
const NEWEST = `SELECT ${COLUMNS} FROM events WHERE tenant = $1 ORDER BY id DESC LIMIT $2`;
const NEWEST_OF = `SELECT ${COLUMNS} FROM events
  WHERE tenant = $1 AND type = $3 AND type IN (${SELDOM.join(', ')}) ORDER BY id DESC LIMIT $2`;
/** A job's keys are chosen by the database, so that only they travel. */
const FILTERED = (from: string): string =>
  `SELECT * FROM (${from}) AS looked WHERE ($4::smallint IS NULL OR type = $4)
   AND ($5::text IS NULL OR starts_with(key, $5)) ORDER BY id DESC LIMIT $6`;

/** What happened to keys. */
export function eventDesk(tenants: Tenants): Desk<'recentEvents' | 'countEvents'> {
  return {
    async recentEvents(tx, { tenant: name, limit, type = null, job = null }) {
      const tenant = tenants.find(name);
      if (tenant === undefined) return [];
      const code = type === null ? null : eventTypes.code(type);
      const seldom = code !== null && SELDOM.includes(code);
      const looked = code === null && job === null ? limit : SCANNED_EVENTS;
      const from = seldom ? NEWEST_OF : NEWEST.replace('LIMIT $2', 'LIMIT $2 + 0 * coalesce($3::int, 0)');
      const prefix = job === null ? null : `${job}:`;
      const rows = await tx.query<EventRow>(FILTERED(from), [tenant, looked, code, code, prefix, limit]);
      return rows
        .filter((row) => ofJob(row, job))
        .map((row): KeyEvent => ({ ...row, type: eventTypes.value(row.type) }));
    },
    async countEvents(tx, { tenant, fromDay, toDay }) {
      const rows = await tx.query<{ day: number; type: number; count: number }>(
        `SELECT day, type, count FROM event_days WHERE tenant = $1 AND day BETWEEN $2 AND $3 ORDER BY day, type`,
        [tenants.find(tenant) ?? null, dayNumber(fromDay), dayNumber(toDay)],
      );
      return rows.map(({ day, type, count }) => ({ day: dayName(day), type: eventTypes.value(type), count }));
    },
  };
}
