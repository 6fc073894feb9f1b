import { MAX_WAITING, type DueDelivery, type Settled } from '../../hooks/hook-store.ts';
import { eventTypes } from '../shared/codes.ts';
import { EVENTS_A_STEP, type Listener, planStep, TOO_MANY_WAITING } from '../shared/event-rules.ts';
import type { Tx } from './connection.ts';
import { LISTENERS, tenantsOf } from './event-writer.ts';
import type { RequestTx } from './handlers.ts';
import { EVENTS, literalOf } from './rows.ts';

type Taken = Pick<DueDelivery, 'event' | 'attempt'>;
type Row = Omit<DueDelivery['event'], 'type'> & { readonly type: number; readonly attempts: number };

/** The advisory lock of the server that makes deliveries, so that they are made in the order of their events. An arbitrary number. */
const OUTBOX_LOCK = 0x4f6e6368;

interface EventRow {
  readonly id: number;
  readonly tenant: number;
  readonly at: number;
  readonly type: number;
  readonly key: string;
}

/**
 * Makes some of the deliveries of the oldest events in the outbox. Returns whether there are more to make; false if another server
 * is making them. The row of a hook is locked before its deliveries are read.
 */
export async function makeDeliveries(tx: RequestTx): Promise<boolean> {
  const [lock] = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
    OUTBOX_LOCK,
  ]);
  if (lock?.mine !== true) return false;
  const rows = await tx.query<EventRow>(
    `SELECT ${EVENTS.columns.map((column) => `e.${column}`).join(', ')}
     FROM outbox o JOIN events e ON e.tenant = o.tenant AND e.id = o.event ORDER BY o.event LIMIT $1`,
    [EVENTS_A_STEP],
  );
  if (rows.length === 0) return false;
  const listeners = await tx.query<Listener>(`${LISTENERS} FOR UPDATE`, [tenantsOf(rows)]);
  const events = rows.map((row) => ({ ...row, type: eventTypes.value(row.type), row }));
  const step = planStep(events, listeners);
  for (const listener of listeners) {
    const wanted = step.deliveries.get(listener);
    if (wanted !== undefined)
      deliver(
        tx,
        listener,
        wanted.map(({ row }) => row),
      );
  }
  tx.send('DELETE FROM outbox WHERE event <= $1', [rows[step.done - 1]?.id]);
  return step.done < rows.length || rows.length === EVENTS_A_STEP;
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

/** Takes up to `limit` due deliveries, counts the attempt, and makes them due again at `until`. */
export async function takeDue(
  tx: RequestTx,
  hook: number,
  until: number,
  limit: number,
): Promise<readonly Taken[]> {
  const rows = await tx.query<Row>(
    `WITH due AS (
       SELECT hook, event, next_at AS due_at FROM deliveries WHERE hook = $1 AND next_at <= $2
       ORDER BY next_at LIMIT $4 FOR UPDATE SKIP LOCKED),
     taken AS (
       UPDATE deliveries d SET next_at = $3, attempts = attempts + 1 FROM due
       WHERE d.hook = due.hook AND d.event = due.event RETURNING d.*, due_at)
     SELECT event AS id, at, type, key, run, attempt, first_seen_at AS "firstSeenAt", error_code AS "errorCode",
       origin, attempts
     FROM taken ORDER BY due_at, event`,
    [hook, tx.now, until, limit],
  );
  return rows.map(({ attempts, type, ...event }) => ({
    event: { ...event, type: eventTypes.value(type) },
    attempt: attempts,
  }));
}

/** Stores the outcome of an attempt. After a success, the next event of the key is due. Returns whether a waiting delivery ended. */
export async function endDelivery(
  tx: RequestTx,
  hook: number,
  event: number,
  settled: Settled,
): Promise<boolean> {
  const { outcome, statusCode } = settled;
  if (outcome === 'retry') {
    tx.send(
      `UPDATE deliveries SET next_at = $3, status_code = $4, error = $5 WHERE hook = $1 AND event = $2 AND state = 0`,
      [hook, event, tx.now + settled.afterMs, statusCode, settled.error],
    );
    return false;
  }
  const delivered = outcome === 'delivered';
  const ended = await tx.query(
    `UPDATE deliveries SET state = $3, next_at = NULL, delivered_at = $4, status_code = $5, error = $6
     WHERE hook = $1 AND event = $2 AND state = 0 RETURNING 1`,
    [hook, event, delivered ? 1 : 2, delivered ? tx.now : null, statusCode, delivered ? null : settled.error],
  );
  if (delivered && ended.length > 0) {
    tx.send(
      `UPDATE deliveries SET next_at = $3 WHERE hook = $1 AND event = (
         SELECT min(event) FROM deliveries WHERE hook = $1 AND state = 0
           AND key = (SELECT key FROM deliveries WHERE hook = $1 AND event = $2))`,
      [hook, event, tx.now],
    );
  }
  return ended.length > 0;
}
