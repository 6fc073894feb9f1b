import type { DatabaseSync } from 'node:sqlite';
import type { LockRecord } from '../../claims/lock.ts';
import type { LockRows } from '../shared/transaction.ts';

/** The locks of check-lock in the file, including those that have expired but are not swept yet. */
export interface LockTable extends LockRows {
  /** Removes up to `limit` locks that have expired at `now`. Returns how many. */
  sweep(now: number, limit: number): number;
}

export function prepareLockTable(db: DatabaseSync): LockTable {
  const select = db.prepare(
    `SELECT holder, ttl_seconds AS ttlSeconds, metadata, first_seen_at AS firstSeenAt, expires_at AS expiresAt
     FROM locks WHERE tenant = ? AND key = ?`,
  );
  const replace = db.prepare(
    `INSERT OR REPLACE INTO locks (tenant, key, expires_at, first_seen_at, ttl_seconds, holder, metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const forget = db.prepare(
    `DELETE FROM locks WHERE (tenant, key) IN
       (SELECT tenant, key FROM locks WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  );
  return {
    get: (tenant, key) => select.get(tenant, key) as LockRecord | undefined,
    put(tenant, key, { expiresAt, firstSeenAt, ttlSeconds, holder, metadata }) {
      replace.run(tenant, key, expiresAt, firstSeenAt, ttlSeconds, holder, metadata);
    },
    sweep: (now, limit) => Number(forget.run(now, limit).changes),
  };
}
