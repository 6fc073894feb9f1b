import type { DatabaseSync } from 'node:sqlite';
import { MAX_HOOKS, type Hook, type NewHook } from '../../hooks/hook-store.ts';
import { type Listener, maskOf, typesOf } from '../shared/event-rules.ts';

/** The parts of a hook that are needed for sending. */
export interface Target {
  readonly number: number;
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
  readonly secret: string;
}

/** The hooks in the file. Removed hooks are no longer found, but their rows remain until their deliveries are swept. */
export interface HookTable {
  /** Whether there is any hook. */
  any(): boolean;
  /** Returns false if the tenant has too many hooks. */
  insert(tenant: number, hook: NewHook, now: number): boolean;
  /** The hooks of a tenant, or only those of one API key; the oldest first. */
  list(tenant: number, createdBy: string | null): readonly Hook[];
  find(tenant: number, createdBy: string | null, id: string): number | undefined;
  /** The number of the hook with this id, of any tenant. */
  numberOf(id: string): number | undefined;
  remove(number: number, now: number): void;
  /** The hooks of a tenant that are not disabled. */
  listeners(tenant: number): readonly Listener[];
  /** Hooks with waiting deliveries: first those after this number, then those from the start up to it. */
  targets(after: number): Iterable<Target>;
  addWaiting(number: number, count: number): void;
  /** Keeps the first reason. */
  disable(number: number, now: number, reason: string): void;
  disableThoseOf(apiKeyId: string, now: number, reason: string): void;
  /** Up to `limit` hooks after this number, with what the sweep needs to know. */
  kept(
    after: number,
    limit: number,
  ): readonly { readonly number: number; readonly live: boolean; readonly removed: boolean }[];
  forget(number: number): void;
}

export function prepareHookTable(db: DatabaseSync): HookTable {
  const one = db.prepare('SELECT 1 FROM hooks LIMIT 1');
  const count = db.prepare('SELECT count(*) AS hooks FROM hooks WHERE tenant = ? AND removed_at IS NULL');
  const insert = db.prepare(
    `INSERT INTO hooks (id, tenant, created_by, url, secret, events, job, waiting, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
  );
  const list = db.prepare(
    `SELECT id, url, events, job, created_at AS createdAt, disabled_at AS disabledAt,
       disabled_reason AS disabledReason
     FROM hooks WHERE tenant = ?1 AND removed_at IS NULL AND (?2 IS NULL OR created_by = ?2) ORDER BY number`,
  );
  const find = db.prepare(
    `SELECT number FROM hooks
     WHERE id = ?3 AND tenant = ?1 AND removed_at IS NULL AND (?2 IS NULL OR created_by = ?2)`,
  );
  const byId = db.prepare('SELECT number FROM hooks WHERE id = ? AND removed_at IS NULL');
  const remove = db.prepare('UPDATE hooks SET removed_at = ?, waiting = 0 WHERE number = ?');
  const listeners = db.prepare(
    `SELECT number, tenant, events, job, waiting FROM hooks
     WHERE tenant = ? AND removed_at IS NULL AND disabled_at IS NULL`,
  );
  const targets = db.prepare(
    `SELECT number, id, CAST(tenant AS TEXT) AS tenant, url, secret FROM hooks
     WHERE waiting > 0 AND disabled_at IS NULL AND removed_at IS NULL AND number > ? AND number <= ?
     ORDER BY number`,
  );
  const add = db.prepare('UPDATE hooks SET waiting = max(0, waiting + ?) WHERE number = ?');
  const disable = db.prepare(
    'UPDATE hooks SET disabled_at = ?, disabled_reason = ? WHERE number = ? AND disabled_at IS NULL',
  );
  const disableMade = db.prepare(
    'UPDATE hooks SET disabled_at = ?, disabled_reason = ? WHERE created_by = ? AND disabled_at IS NULL',
  );
  const kept = db.prepare(
    `SELECT number, disabled_at IS NULL AND removed_at IS NULL AS live, removed_at IS NOT NULL AS removed
     FROM hooks WHERE number > ? ORDER BY number LIMIT ?`,
  );
  const forget = db.prepare('DELETE FROM hooks WHERE number = ?');

  return {
    any: () => one.get() !== undefined,
    insert(tenant, { id, createdBy, url, secret, events, job }, now) {
      if ((count.get(tenant)?.['hooks'] as number) >= MAX_HOOKS) return false;
      insert.run(id, tenant, createdBy, url, secret, maskOf(events), job, now);
      return true;
    },
    list: (tenant, createdBy) =>
      list.all(tenant, createdBy).map((row) => ({
        ...(row as unknown as Hook),
        events: typesOf(row['events'] as number),
      })),
    find: (tenant, createdBy, id) => find.get(tenant, createdBy, id)?.['number'] as number | undefined,
    numberOf: (id) => byId.get(id)?.['number'] as number | undefined,
    remove: (number, now) => void remove.run(now, number),
    listeners: (tenant) => listeners.all(tenant) as unknown as readonly Listener[],
    *targets(after) {
      yield* targets.all(after, Number.MAX_SAFE_INTEGER) as unknown as readonly Target[];
      yield* targets.all(0, after) as unknown as readonly Target[];
    },
    addWaiting: (number, more) => void add.run(more, number),
    disable: (number, now, reason) => void disable.run(now, reason, number),
    disableThoseOf: (apiKeyId, now, reason) => void disableMade.run(now, reason, apiKeyId),
    kept: (after, limit) =>
      kept.all(after, limit).map(({ number, live, removed }) => ({
        number: number as number,
        live: live === 1,
        removed: removed === 1,
      })),
    forget: (number) => void forget.run(number),
  };
}
