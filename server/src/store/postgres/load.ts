import type { UsageRow } from './counters.ts';
import type { ClaimRow, LockRow } from './rows.ts';
import type { Tx } from './session.ts';
import { NOW } from './time.ts';

interface WantedRow {
  readonly tenant: number;
  readonly key: string;
  /** Whether it may be changed. */
  readonly locked: boolean;
}

/** What a batch is about. */
export interface Wanted {
  readonly claims: readonly WantedRow[];
  readonly locks: readonly WantedRow[];
  /** All that these runs hold is wanted too. */
  readonly runs: readonly { readonly tenant: number; readonly run: string }[];
  /** Whose counters of this month. */
  readonly usage: readonly number[];
  /** How many new fences at most. */
  readonly fences: number;
}

interface LoadedBatch {
  readonly now: number;
  /** The time that is kept. */
  readonly kept: number;
  readonly fences: readonly number[];
  readonly claims: readonly ClaimRow[];
  readonly locks: readonly LockRow[];
  readonly usage: readonly UsageRow[];
}

/**
 * A sweep takes it alone, batches share it: what a batch did not find, nobody can have made and forgotten again before
 * it writes.
 */
export const SWEEPING = 0x4f6e6366;

const ROWS = 'json_to_recordset($1) AS w (tenant integer, key text COLLATE "C", locked boolean)';

const lockRows = (table: string): string =>
  `SELECT FROM ${table} WHERE (tenant, key) IN (SELECT tenant, key FROM ${ROWS} WHERE locked)
   ORDER BY tenant, key FOR UPDATE`;

const wantedRows = (table: string, parameter: string): string =>
  `(SELECT coalesce(json_agg(c), '[]') FROM ${table} c
    WHERE (c.tenant, c.key) IN (SELECT tenant, key FROM ${ROWS.replace('$1', parameter)}))`;

/** A statement of its own, after the one that locked: it sees what those who held the locks committed. */
const LOAD = `SELECT now,
    (SELECT value FROM counters WHERE name = 'time') AS kept,
    (SELECT coalesce(json_agg(nextval('fences')), '[]') FROM generate_series(1, $3::int)) AS fences,
    ${wantedRows('claims', '$4')} AS claims,
    ${wantedRows('locks', '$5')} AS locks,
    (SELECT coalesce(json_agg(u), '[]') FROM usage u WHERE tenant = ANY ($6::int[])
       AND month = (SELECT extract(year FROM at) * 12 + extract(month FROM at) - 1
                    FROM (SELECT to_timestamp(now / 1000.0) AT TIME ZONE 'UTC' AS at) AS t)) AS usage
  FROM (SELECT ${NOW} AS now) AS moment`;

/** Locks what is there, in the order of keys, so that no two servers wait for each other; then loads all. */
export async function loadBatch(
  tx: Tx,
  wanted: Wanted,
  time: readonly [number | null, number],
): Promise<LoadedBatch> {
  const claims = [...wanted.claims];
  if (wanted.runs.length > 0) {
    const held = await tx.query<{ tenant: number; key: string }>(
      `SELECT tenant, key FROM claims WHERE state = 0
         AND (tenant, run) IN (SELECT * FROM json_to_recordset($1) AS r (tenant integer, run text))`,
      [JSON.stringify(wanted.runs)],
    );
    claims.push(...held.map(({ tenant, key }) => ({ tenant, key, locked: true })));
  }
  tx.send('SELECT pg_advisory_xact_lock_shared($1)', [SWEEPING]);
  if (claims.some(({ locked }) => locked)) tx.send(lockRows('claims'), [JSON.stringify(claims)]);
  if (wanted.locks.length > 0) tx.send(lockRows('locks'), [JSON.stringify(wanted.locks)]);
  const [loaded] = await tx.query<LoadedBatch>(LOAD, [
    ...time,
    wanted.fences,
    JSON.stringify(claims),
    JSON.stringify(wanted.locks),
    wanted.usage,
  ]);
  if (loaded === undefined) throw new Error('The database answered no row.');
  return loaded;
}
