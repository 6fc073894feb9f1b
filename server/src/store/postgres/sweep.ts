import { toldOfDeath, unresolved } from '../../claims/life.ts';
import { KEPT_OF_A_TENANT, oldestKept } from '../shared/event-rules.ts';
import { KEPT_OF_A_HOOK } from '../shared/listening.ts';
import { tell } from '../shared/tell.ts';
import type { NewEvent } from '../shared/transaction.ts';
import type { Desk, DeskOptions, DeskTx } from './desk-lane.ts';
import { loadClaims } from './loaded.ts';
import { SWEEPING } from './load.ts';
import { CLAIMS, toClaimRecord, type ClaimRow } from './rows.ts';
import { tellAll } from './telling.ts';

/** What time alone does: deaths to be told, and whatever is past its time. Each call is a small transaction. */
export function sweepDesk({ buffer, eventDays }: DeskOptions): Desk<'tellDied' | 'sweep'> {
  /** The mark is set in the very transaction that writes the events; other servers pass over what is being told. */
  async function tellDied(tx: DeskTx, limit: number): Promise<number> {
    const { now } = tx;
    const rows = await tx.query<ClaimRow>(
      `SELECT ${CLAIMS.columns.join(', ')} FROM claims WHERE state = 0 AND NOT death_told AND expires_at <= $1
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
      claims.put(tenant, key, toldOfDeath(record));
      tell(to, tenant, key, 'run_died', record);
      if (unresolved(record, now)) tell(to, tenant, key, 'unresolved', record);
    }
    claims.write(tx);
    await tellAll(tx, buffer, events);
    tx.keepTime();
    return rows.length;
  }

  return {
    tellDied: (tx, { limit }) => tellDied(tx, limit),
    async sweep(tx, { limit }) {
      // Whatever is forgotten in progress died; one that nobody was told of must not go.
      if ((await tellDied(tx, limit)) === limit) return limit;
      let swept = await forget(tx, 'claims', '(state <> 0 OR death_told) AND forget_at', limit);
      swept += await forget(tx, 'locks', 'expires_at', limit - swept);
      swept += await sweepEvents(tx, eventDays, limit - swept);
      swept += await sweepDeliveries(tx, eventDays, limit - swept);
      if (swept > 0) tx.keepTime();
      return swept;
    },
  };
}

async function forget(tx: DeskTx, table: string, endsAt: string, limit: number): Promise<number> {
  const time = endsAt.replace(/.* /, '');
  const over = `SELECT tenant, key FROM ${table} WHERE ${endsAt} <= $1 ORDER BY ${time} LIMIT $2`;
  const found = await tx.query<{ tenant: number; key: string }>(over, [tx.now, limit]);
  if (found.length === 0) return 0;
  tx.send('SELECT pg_advisory_xact_lock($1)', [SWEEPING]);
  const gone = await tx.query(
    `DELETE FROM ${table} WHERE ${endsAt} <= $1
       AND (tenant, key) IN (SELECT * FROM json_to_recordset($2) AS r (tenant integer, key text COLLATE "C"))
     RETURNING 1`,
    [tx.now, JSON.stringify(found)],
  );
  return gone.length;
}

async function sweepEvents(tx: DeskTx, eventDays: number, limit: number): Promise<number> {
  if (limit <= 0) return 0;
  const tenants = await tx.query<{ tenant: number; last: number | null }>(
    `SELECT t.id AS tenant, greatest($1, (
       SELECT id FROM events WHERE tenant = t.id ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_OF_A_TENANT})) AS last
     FROM tenants t WHERE EXISTS (SELECT FROM events WHERE tenant = t.id) ORDER BY t.id`,
    [oldestKept(tx.now, eventDays)],
  );
  let removed = 0;
  for (const { tenant, last } of tenants) {
    if (removed >= limit) break;
    const gone = await tx.query(
      `DELETE FROM events WHERE tenant = $1 AND id IN
         (SELECT id FROM events WHERE tenant = $1 AND id <= $2 ORDER BY id LIMIT $3) RETURNING 1`,
      [tenant, last, limit - removed],
    );
    removed += gone.length;
  }
  return removed;
}

async function sweepDeliveries(tx: DeskTx, eventDays: number, limit: number): Promise<number> {
  let removed = 0;
  if (limit <= 0) return removed;
  const hooks = await tx.query<{ number: number; live: boolean; removed: boolean }>(
    `SELECT number, disabled_at IS NULL AND removed_at IS NULL AS live, removed_at IS NOT NULL AS removed
     FROM hooks ORDER BY number`,
    [],
  );
  for (const hook of hooks) {
    if (removed >= limit) break;
    const before = hook.removed ? Number.MAX_SAFE_INTEGER : oldestKept(tx.now, eventDays);
    const gone = await tx.query(
      `DELETE FROM deliveries WHERE hook = $1 AND event IN (
         SELECT event FROM deliveries WHERE hook = $1 AND event <= greatest($2, (
           SELECT event FROM deliveries WHERE hook = $1 ORDER BY event DESC LIMIT 1 OFFSET ${KEPT_OF_A_HOOK}))
           AND (NOT $3 OR state <> 0) LIMIT $4) RETURNING 1`,
      [hook.number, before, hook.live, limit - removed],
    );
    removed += gone.length;
    if (hook.removed && removed < limit) tx.send('DELETE FROM hooks WHERE number = $1', [hook.number]);
  }
  return removed;
}
