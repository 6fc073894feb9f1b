import type { UsageRow } from './counters.ts';
import { CLAIMS, GROUPS, LOCKS, type ClaimRow, type GroupRow, type LockRow, type Table } from './rows.ts';
import type { Tx } from './connection.ts';
import { NOW } from './time.ts';
import type { RunStep } from '../shared/requests.ts';

interface WantedRow {
  readonly tenant: number;
  readonly key: string;
  /** Whether the batch may change it, so that it is locked. */
  readonly locked: boolean;
}

/** A key that a run holds, found for the step that begins after `after`. */
export interface KeyOfRun {
  readonly tenant: number;
  readonly run: string;
  readonly after: string;
  readonly key: string;
}

/** What a batch needs. */
export interface Wanted {
  readonly claims: readonly WantedRow[];
  readonly locks: readonly WantedRow[];
  /** The groups that requests name. The groups of the loaded claims are loaded in addition. */
  readonly groups: readonly WantedRow[];
  /** Steps through the keys of runs, whose keys are loaded in addition. */
  readonly runs: readonly (RunStep & { readonly tenant: number; readonly run: string })[];
  /** The tenants whose counters are needed. */
  readonly usage: readonly number[];
  /** Counters of this month and later ones are loaded. */
  readonly month: number;
  /** The most fences that may be needed. */
  readonly fences: number;
}

interface Moment {
  readonly now: number;
  /** The stored time. */
  readonly kept: number;
  readonly fences: readonly number[];
  readonly usage: readonly UsageRow[];
}

interface LoadedBatch extends Moment {
  readonly claims: readonly ClaimRow[];
  readonly ofRuns: readonly KeyOfRun[];
  readonly groups: readonly GroupRow[];
  readonly locks: readonly LockRow[];
}

/**
 * The advisory lock of sweeps: a sweep holds it alone, batches share it. It prevents ABA: a row that is missing at load cannot
 * be created and swept before the insert.
 */
export const SWEEP_LOCK = 0x4f6e6366;

/** Nearly always all rows are of one tenant, for which the statement `ofOne` is faster. */
interface Selection {
  readonly ofOne: string;
  readonly ofSeveral: string;
}

function selection({ name, columns }: Table, how: string): Selection {
  const of = (condition: string): string =>
    `SELECT ${columns.join(', ')} FROM ${name} WHERE ${condition} ORDER BY tenant, key ${how}`;
  return {
    ofOne: of('tenant = $1 AND key = ANY ($2::text[])'),
    ofSeveral: of('(tenant, key) IN (SELECT * FROM unnest($1::int[], $2::text[]))'),
  };
}

const READ_CLAIMS = selection(CLAIMS, '');
const SELECT_CLAIMS_FOR_UPDATE = selection(CLAIMS, 'FOR UPDATE');
const SELECT_GROUPS_FOR_UPDATE = selection(GROUPS, 'FOR UPDATE');
const SELECT_LOCKS_FOR_UPDATE = selection(LOCKS, 'FOR UPDATE');

/** For each step, in the order of the keys. */
const KEYS_OF_RUNS = `SELECT r.tenant, r.run, r.after, held.key
  FROM json_to_recordset($1) AS r (tenant integer, run text, after text, "limit" integer)
  CROSS JOIN LATERAL (SELECT key FROM claims WHERE tenant = r.tenant AND run = r.run AND state = 0
    AND key > r.after ORDER BY key LIMIT r."limit") held`;

/** This is sent after the statements that lock, so that its time is not earlier than that of transactions that held the locks. */
const MOMENT = `SELECT ${NOW} AS now,
    (SELECT value FROM counters WHERE name = 'time') AS kept,
    (SELECT coalesce(json_agg(nextval('fences')), '[]') FROM generate_series(1, $3::int)) AS fences,
    (SELECT coalesce(json_agg(u), '[]') FROM (SELECT tenant, month, kind, sum(count) AS count FROM usage
       WHERE tenant = ANY ($4::int[]) AND month >= $5 GROUP BY tenant, month, kind) u) AS usage`;

/**
 * Locks and loads the rows that exist: keys first and then their groups, which are known only from the keys. Each are locked in
 * their order, so that two servers cannot deadlock. Rows that another server inserts while this one waits for a lock are not seen.
 * They cause a conflict when the batch is written.
 */
export async function loadBatch(
  tx: Tx,
  wanted: Wanted,
  time: readonly [number | null, number],
): Promise<LoadedBatch> {
  const claims = [...wanted.claims];
  const ofRuns =
    wanted.runs.length === 0 ? [] : await tx.query<KeyOfRun>(KEYS_OF_RUNS, [JSON.stringify(wanted.runs)]);
  // Not with a spread, because the number of arguments of a call is limited.
  for (const { tenant, key } of ofRuns) claims.push({ tenant, key, locked: true });
  tx.send('SELECT pg_advisory_xact_lock_shared($1)', [SWEEP_LOCK]);
  const loaded = { claims: [] as ClaimRow[], groups: [] as GroupRow[], locks: [] as LockRow[] };
  const ask = ({ ofOne, ofSeveral }: Selection, rows: readonly WantedRow[], to: unknown[]): void => {
    const [first] = rows;
    if (first === undefined) return;
    const isOne = rows.every(({ tenant }) => tenant === first.tenant);
    const tenants = isOne ? first.tenant : rows.map(({ tenant }) => tenant);
    const keys = rows.map(({ key }) => key);
    tx.send(isOne ? ofOne : ofSeveral, [tenants, keys], (found) => {
      for (const row of found) to.push(row);
    });
  };
  const changing = claims.filter(({ locked }) => locked);
  const reading = claims.filter(({ locked }) => !locked);
  ask(SELECT_CLAIMS_FOR_UPDATE, changing, loaded.claims);
  ask(READ_CLAIMS, reading, loaded.claims);
  ask(SELECT_LOCKS_FOR_UPDATE, wanted.locks, loaded.locks);
  const { fences, usage, month } = wanted;
  const moment = await ofMoment(tx, [...time, fences, usage, month]);
  const names = new Map(wanted.groups.map((row) => [`${row.tenant}/${row.key}`, row]));
  for (const { tenant, group_name: key } of loaded.claims) {
    if (key !== null) names.set(`${tenant}/${key}`, { tenant, key, locked: true });
  }
  if (names.size === 0) return { ...moment, ...loaded, ofRuns };
  ask(SELECT_GROUPS_FOR_UPDATE, [...names.values()], loaded.groups);
  const { now, kept } = await ofMoment(tx, [...time, 0, [], month]);
  return { ...moment, now, kept, ...loaded, ofRuns };
}

async function ofMoment(tx: Tx, parameters: readonly unknown[]): Promise<Moment> {
  const [moment] = await tx.query<Moment>(MOMENT, parameters);
  if (moment === undefined) throw new Error('The database answered no row.');
  return moment;
}
