import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { expiries, states } from '../shared/codes.ts';
import type { Scanned } from '../shared/list-page.ts';
import type { ClaimRows } from '../shared/transaction.ts';
import { fromRow, RECORD_COLUMNS, toRow } from './row.ts';

/** The records in the file, including those that have expired but are not swept yet. */
export interface ClaimTable extends ClaimRows {
  /** Keys in the order of their code points, from `prefix` on and after the key `after` (empty: from the start). */
  readonly scan: (tenant: number, prefix: string, after: string, limit: number) => Iterable<Scanned>;
  /** Like `scan`, but only keys that wait for a person's decision, or will do so when their lease expires. */
  readonly scanAsking: ClaimTable['scan'];
  /** Leases that expired by `now` without an end, and were not reported; the earliest first. */
  died(now: number, limit: number): readonly (readonly [tenant: number, key: string])[];
  /** Removes up to `limit` records that are to be forgotten at `now` and have no unreported death. Returns how many. */
  sweep(now: number, limit: number): number;
}

export function prepareClaimTable(db: DatabaseSync): ClaimTable {
  const select = arrays(db.prepare(`SELECT ${RECORD_COLUMNS} FROM claims WHERE tenant = ? AND key = ?`));
  const placeholders = '?, '.repeat(RECORD_COLUMNS.split(',').length + 2);
  const replace = db.prepare(
    `INSERT OR REPLACE INTO claims (tenant, key, forget_at, ${RECORD_COLUMNS}) VALUES (${placeholders}?)`,
  );
  const ofRun = arrays(
    db.prepare(
      'SELECT key FROM claims WHERE tenant = ? AND run = ? AND state = 0 AND key > ? ORDER BY key LIMIT ?',
    ),
  );
  const range = (from: string, condition: string): StatementSync =>
    arrays(
      db.prepare(
        `SELECT key, state, on_expired, expires_at, forget_at FROM ${from}
         WHERE tenant = ?1 AND key >= max(?2, ?3) AND key <> ?3 ${condition} ORDER BY key LIMIT ?4`,
      ),
    );
  const every = range('claims', '');
  const asking = range('claims INDEXED BY claims_asking', 'AND state = 0 AND on_expired = 1');
  const ended = arrays(
    db.prepare(
      `SELECT tenant, key FROM claims WHERE state = 0 AND death_reported = 0 AND expires_at <= ?
       ORDER BY expires_at LIMIT ?`,
    ),
  );
  const forget = db.prepare(
    `DELETE FROM claims WHERE (tenant, key) IN
       (SELECT tenant, key FROM claims WHERE forget_at <= ? AND (state <> 0 OR death_reported = 1)
        ORDER BY forget_at LIMIT ?)`,
  );

  return {
    get(tenant, key) {
      const row = select.get(tenant, key) as readonly SQLOutputValue[] | undefined;
      return row === undefined ? undefined : fromRow(row);
    },
    put(tenant, key, record) {
      replace.run(...toRow(tenant, key, record));
    },
    keysOfRun: (...step) => rows(ofRun.all(...step)).map(([key]) => key as string),
    scan: (...range) => scanned(every.iterate(...range)),
    scanAsking: (...range) => scanned(asking.iterate(...range)),
    died: (now, limit) => rows(ended.all(now, limit)) as unknown as readonly (readonly [number, string])[],
    sweep: (now, limit) => Number(forget.run(now, limit).changes),
  };
}

function* scanned(found: Iterable<unknown>): Iterable<Scanned> {
  for (const row of found) {
    const [key, state, onExpired, expiresAt, forgetAt] = row as readonly SQLOutputValue[];
    yield {
      key: key as string,
      state: states.value(state as number),
      onExpired: expiries.value(onExpired as number),
      expiresAt: expiresAt as number,
      forgetAt: forgetAt as number,
    };
  }
}

function arrays(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}

function rows(found: unknown): readonly (readonly SQLOutputValue[])[] {
  return found as readonly (readonly SQLOutputValue[])[];
}
