import type { DueDelivery, Settled } from '../../hooks/hook-store.ts';
import { eventTypes } from '../shared/codes.ts';
import type { RequestTx } from './handlers.ts';

type Taken = Pick<DueDelivery, 'event' | 'attempt'>;
type Row = Omit<DueDelivery['event'], 'type'> & { readonly type: number; readonly attempts: number };

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
