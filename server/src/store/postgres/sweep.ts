import { withDeathReported, unresolved } from '../../claims/record.ts';
import { KEPT_OF_A_TENANT, oldestKept, KEPT_OF_A_HOOK } from '../shared/event-rules.ts';
import type { SweepRequest, SweepStep, Swept } from '../shared/requests.ts';
import { recordEvent } from '../shared/record-event.ts';
import type { NewEvent } from '../shared/transaction.ts';
import type { Handlers, RequestOptions, RequestTx } from './handlers.ts';
import { loadClaims } from './loaded.ts';
import { SWEEP_LOCK } from './load.ts';
import { CLAIMS, toClaimRecord, type ClaimRow } from './rows.ts';
import { writeEvents } from './event-writer.ts';

/** The handlers for what happens only because time passes: deaths are reported, and expired rows are removed in small steps. */
export function sweepHandlers({
  buffer,
  eventDays,
}: RequestOptions): Handlers<'reportDeaths' | 'lead' | 'sweep'> {
  const surplusOfTenant = createSurplus({
    table: 'events',
    owner: 'tenant',
    id: 'id',
    kept: KEPT_OF_A_TENANT,
  });
  const surplusOfHook = createSurplus({
    table: 'deliveries',
    owner: 'hook',
    id: 'event',
    kept: KEPT_OF_A_HOOK,
  });
  const steps: Readonly<Record<Swept, (tx: RequestTx, request: SweepRequest) => Promise<SweepStep>>> = {
    claims: (tx, { limit }) => forget(tx, 'claims', '(state <> 0 OR death_reported) AND forget_at', limit),
    groups: (tx, { limit }) => forget(tx, 'groups', 'forget_at', limit),
    locks: (tx, { limit }) => forget(tx, 'locks', 'expires_at', limit),
    events: sweepEvents,
    deliveries: sweepDeliveries,
  };

  /** `deathReported` is set in the same transaction that writes the events. Other servers skip the rows that are locked here. */
  async function reportDeaths(tx: RequestTx, limit: number): Promise<number> {
    const { now } = tx;
    const rows = await tx.query<ClaimRow>(
      `SELECT ${CLAIMS.columns.join(', ')} FROM claims WHERE state = 0 AND NOT death_reported AND expires_at <= $1
       ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [now, limit],
    );
    if (rows.length === 0) return 0;
    const claims = loadClaims(rows);
    const events: NewEvent[] = [];
    const to = { moment: { now }, events };
    for (const row of rows) {
      const { tenant, key } = row;
      const record = toClaimRecord(row);
      claims.put(tenant, key, withDeathReported(record));
      recordEvent(to, tenant, key, 'run_died', record);
      if (unresolved(record, now)) recordEvent(to, tenant, key, 'unresolved', record);
    }
    claims.write(tx);
    await writeEvents(tx, buffer, events);
    tx.keepTime();
    return rows.length;
  }

  async function sweepEvents(tx: RequestTx, { after, limit }: SweepRequest): Promise<SweepStep> {
    const [tenant] = await tx.query<{ id: number }>(
      'SELECT id FROM tenants t WHERE id > $1 AND EXISTS (SELECT FROM events WHERE tenant = t.id) ORDER BY id LIMIT 1',
      [after],
    );
    if (tenant === undefined) return { removed: 0, next: null };
    const last = Math.max(oldestKept(tx.now, eventDays), await surplusOfTenant(tx, tenant.id));
    // Events in the outbox remain until their deliveries are made.
    const gone = await tx.query(
      `DELETE FROM events WHERE tenant = $1 AND id IN
         (SELECT id FROM events WHERE tenant = $1 AND id <= $2
           AND id < coalesce((SELECT min(event) FROM outbox WHERE tenant = $1), $2 + 1)
         ORDER BY id LIMIT $3) RETURNING 1`,
      [tenant.id, last, limit],
    );
    return { removed: gone.length, next: tenant.id };
  }

  async function sweepDeliveries(tx: RequestTx, { after, limit }: SweepRequest): Promise<SweepStep> {
    const [hook] = await tx.query<{ number: number; live: boolean; removed: boolean }>(
      `SELECT number, disabled_at IS NULL AND removed_at IS NULL AS live, removed_at IS NOT NULL AS removed
       FROM hooks WHERE number > $1 ORDER BY number LIMIT 1 FOR UPDATE`,
      [after],
    );
    if (hook === undefined) return { removed: 0, next: null };
    const { number, live, removed } = hook;
    const old = removed ? Number.MAX_SAFE_INTEGER : oldestKept(tx.now, eventDays);
    const gone = await tx.query(
      `DELETE FROM deliveries WHERE hook = $1 AND event IN (
         SELECT event FROM deliveries WHERE hook = $1 AND event <= $2 AND (NOT $3 OR state <> 0) LIMIT $4) RETURNING 1`,
      [number, Math.max(old, await surplusOfHook(tx, number)), live, limit],
    );
    if (removed && gone.length < limit) tx.send('DELETE FROM hooks WHERE number = $1', [number]);
    return { removed: gone.length, next: number };
  }

  return {
    reportDeaths: (tx, { limit }) => reportDeaths(tx, limit),
    /** A leader remains the leader until its connection ends: the lock belongs to the session, and may be taken again by it. */
    async lead(tx) {
      const [answer] = await tx.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [
        LEADER_LOCK,
      ]);
      return answer?.leads === true;
    },
    async sweep(tx, request) {
      const step = await steps[request.what](tx, request);
      if (step.removed > 0) tx.keepTime();
      return step;
    },
  };
}

/** The advisory lock of the leader. The server that holds it sweeps. An arbitrary number. */
const LEADER_LOCK = 0x4f6e6367;

/**
 * Removes expired rows. It takes its locks in the same order as everything that changes claims: first the lock of sweeps, then rows.
 * Deaths are reported in an earlier transaction, because its locks would be taken in the other order.
 */
async function forget(tx: RequestTx, table: string, endsAt: string, limit: number): Promise<SweepStep> {
  const time = endsAt.replace(/.* /, '');
  const over = `SELECT tenant, key FROM ${table} WHERE ${endsAt} <= $1 ORDER BY ${time} LIMIT $2`;
  const found = await tx.query<{ tenant: number; key: string }>(over, [tx.now, limit]);
  if (found.length === 0) return { removed: 0, next: null };
  tx.send('SELECT pg_advisory_xact_lock($1)', [SWEEP_LOCK]);
  const gone = await tx.query(
    `DELETE FROM ${table} WHERE ${endsAt} <= $1
       AND (tenant, key) IN (SELECT * FROM json_to_recordset($2) AS r (tenant integer, key text COLLATE "C"))
     RETURNING 1`,
    [tx.now, JSON.stringify(found)],
  );
  return { removed: gone.length, next: null };
}

interface Rows {
  readonly table: string;
  /** The column with the owner of a row. */
  readonly owner: string;
  /** The column that grows with every row of an owner. */
  readonly id: string;
  /** How many rows of an owner are kept. */
  readonly kept: number;
}

/**
 * Finds the id up to which the rows of an owner are more than the number that is kept; 0 if there are not too many. It reads through
 * all rows that are kept, but only after a tenth more were added. Until then it returns the last result.
 */
export type Surplus = (tx: RequestTx, owner: number) => Promise<number>;

export function createSurplus({ table, owner, id, kept }: Rows): Surplus {
  const found = new Map<number, { readonly surplus: number; readonly newest: number }>();
  const more = `SELECT ${id} AS id FROM ${table} WHERE ${owner} = $1 AND ${id} > $2 ORDER BY ${id} LIMIT 1 OFFSET ${kept / 10}`;
  const walk = `SELECT coalesce((SELECT ${id} FROM ${table} WHERE ${owner} = $1 ORDER BY ${id} DESC LIMIT 1 OFFSET ${kept}), 0) AS surplus,
    coalesce((SELECT max(${id}) FROM ${table} WHERE ${owner} = $1), 0) AS newest`;
  return async (tx, of) => {
    const before = found.get(of);
    const [grown] = await tx.query(more, [of, before?.newest ?? 0]);
    if (grown === undefined) return before?.surplus ?? 0;
    const [after] = await tx.query<{ surplus: number; newest: number }>(walk, [of]);
    if (after !== undefined) found.set(of, after);
    return after?.surplus ?? 0;
  };
}
