import { ofJob, type JobCounts, type KeyEvent } from '../../claims/events.ts';
import { eventTypes } from '../shared/codes.ts';
import { dayName, dayNumber, KEPT_OF_A_TENANT, SCANNED_EVENTS, SELDOM } from '../shared/event-rules.ts';
import type { Tenants } from '../shared/transaction.ts';
import type { Handlers } from './handlers.ts';

type EventRow = Omit<KeyEvent, 'type'> & { readonly type: number };

const COLUMNS =
  'id, at, type, key, run, attempt, first_seen_at AS "firstSeenAt", error_code AS "errorCode", by, origin';
const NEWEST = `SELECT ${COLUMNS} FROM events WHERE tenant = $1 ORDER BY id DESC LIMIT $2`;
const NEWEST_OF = `SELECT ${COLUMNS} FROM events
  WHERE tenant = $1 AND type = $3 AND type IN (${SELDOM.join(', ')}) ORDER BY id DESC LIMIT $2`;
/** The database filters, so that only matching events are sent. */
const FILTERED = (from: string): string =>
  `SELECT * FROM (${from}) AS looked WHERE ($4::smallint IS NULL OR type = $4)
   AND ($5::text IS NULL OR starts_with(key, $5)) AND ($7::text IS NULL OR key = $7) ORDER BY id DESC LIMIT $6 OFFSET $8`;

/** The extra row with a count of 0 gives `sinceAt` even if there is no event of the type. */
const JOBS = `WITH looked AS MATERIALIZED (
    SELECT at, type, key, origin FROM events WHERE tenant = $1 ORDER BY id DESC LIMIT $2)
  SELECT job, platform, workflow, count, (SELECT min(at) FROM looked) AS "sinceAt" FROM (
    SELECT CASE WHEN key LIKE '%:%' THEN split_part(key, ':', 1) END AS job,
      (origin::json->>'platform') COLLATE "C" AS platform, (origin::json->>'workflow') COLLATE "C" AS workflow,
      count(*) AS count
    FROM looked WHERE type = $3 GROUP BY 1, 2, 3
    UNION ALL SELECT NULL, NULL, NULL, 0
  ) AS jobs ORDER BY count DESC, coalesce(job, ''), coalesce(platform, ''), coalesce(workflow, '') LIMIT $4`;

type JobRow = JobCounts['jobs'][number] & Pick<JobCounts, 'sinceAt'>;

/** The handlers of requests about events. */
export function eventHandlers(tenants: Tenants): Handlers<'recentEvents' | 'countEvents' | 'countJobs'> {
  return {
    async recentEvents(tx, { tenant: name, limit, offset = 0, type = null, job = null, key = null }) {
      const tenant = tenants.find(name);
      if (tenant === undefined) return [];
      const code = type === null ? null : eventTypes.code(type);
      const seldom = code !== null && SELDOM.includes(code);
      const all = code === null && job === null;
      const looked = key !== null ? KEPT_OF_A_TENANT : all ? offset + limit : SCANNED_EVENTS;
      const from = seldom ? NEWEST_OF : NEWEST.replace('LIMIT $2', 'LIMIT $2 + 0 * coalesce($3::int, 0)');
      const prefix = job === null ? null : `${job}:`;
      const rows = await tx.query<EventRow>(FILTERED(from), [
        tenant,
        looked,
        code,
        code,
        prefix,
        limit,
        key,
        offset,
      ]);
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
    async countJobs(tx, { tenant, type, limit }) {
      const rows = await tx.query<JobRow>(JOBS, [
        tenants.find(tenant) ?? null,
        SCANNED_EVENTS,
        eventTypes.code(type),
        limit,
      ]);
      const jobs = rows.flatMap(({ job, platform, workflow, count }) =>
        count === 0 ? [] : [{ job, platform, workflow, count }],
      );
      return { sinceAt: rows[0]?.sinceAt ?? null, jobs };
    },
  };
}
