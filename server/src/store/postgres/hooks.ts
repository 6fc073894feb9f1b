import { MAX_HOOKS, type Delivery, type DueDelivery, type Hook } from '../../hooks/hook-store.ts';
import { createSlots } from '../../hooks/slots.ts';
import { eventTypes } from '../shared/codes.ts';
import { maskOf, typesOf } from '../shared/event-rules.ts';
import type { HookKind } from '../shared/requests.ts';
import type { Tenants } from '../shared/transaction.ts';
import { endDelivery, makeDeliveries, takeDue } from './deliveries.ts';
import type { Handlers, RequestTx } from './handlers.ts';

interface Owned {
  readonly tenant: string;
  readonly createdBy: string | null;
}

/** The handlers of requests about hooks and their deliveries. The row of a hook is locked before its deliveries are changed. */
export function hookHandlers(tenants: Tenants): Handlers<HookKind> {
  /** The hook that was served last. The next query begins after it, so that hooks take turns. */
  let turn = 0;

  async function find(tx: RequestTx, { tenant, createdBy, id }: Owned & { readonly id: string }) {
    const [found] = await tx.query<{ number: number }>(
      `SELECT number FROM hooks
       WHERE id = $3 AND tenant = $1 AND removed_at IS NULL AND ($2::text IS NULL OR created_by = $2) FOR UPDATE`,
      [tenants.find(tenant) ?? null, createdBy, id],
    );
    return found?.number;
  }

  return {
    async createHook(tx, { id, tenant: name, createdBy, url, secret, events, job }) {
      const { now } = tx;
      const tenant = tenants.ensure(name);
      // Makes others that create a hook for this tenant wait, so that the count is right.
      tx.send('SELECT FROM tenants WHERE id = $1 FOR UPDATE', [tenant]);
      const made = await tx.query(
        `INSERT INTO hooks (id, tenant, created_by, url, secret, events, job, created_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8
         WHERE (SELECT count(*) FROM hooks WHERE tenant = $2 AND removed_at IS NULL) < ${MAX_HOOKS} RETURNING id`,
        [id, tenant, createdBy, url, secret, maskOf(events), job, now],
      );
      if (made.length === 0) return { outcome: 'too_many' };
      const hook = { id, url, events, job, createdAt: now, disabledAt: null, disabledReason: null };
      return { outcome: 'created', hook };
    },
    async listHooks(tx, { tenant, createdBy }) {
      const rows = await tx.query<Omit<Hook, 'events'> & { readonly events: number }>(
        `SELECT id, url, events, job, created_at AS "createdAt", disabled_at AS "disabledAt",
           disabled_reason AS "disabledReason"
         FROM hooks WHERE tenant = $1 AND removed_at IS NULL AND ($2::text IS NULL OR created_by = $2) ORDER BY number`,
        [tenants.find(tenant) ?? null, createdBy],
      );
      return rows.map((row) => ({ ...row, events: typesOf(row.events) }));
    },
    async removeHook(tx, request) {
      const number = await find(tx, request);
      if (number === undefined) return false;
      tx.send('UPDATE hooks SET removed_at = $1, waiting = 0 WHERE number = $2', [tx.now, number]);
      return true;
    },
    async listDeliveries(tx, request) {
      const number = await find(tx, request);
      if (number === undefined) return null;
      const rows = await tx.query<Omit<Delivery, 'eventType'> & { readonly type: number }>(
        `SELECT event AS "eventId", type, key, at, attempts, next_at AS "nextAt", delivered_at AS "deliveredAt",
           status_code AS "statusCode", error
         FROM deliveries WHERE hook = $1 ORDER BY event DESC LIMIT $2`,
        [number, request.limit],
      );
      return rows.map(({ type, ...row }) => ({ ...row, eventType: eventTypes.value(type) }));
    },
    makeDeliveries,
    async dueDeliveries(tx, query) {
      const hooks = await tx.query<{ number: number } & DueDelivery['hook']>(
        `SELECT number, id, tenant::text AS tenant, url, secret FROM hooks
         WHERE waiting > 0 AND disabled_at IS NULL AND removed_at IS NULL ORDER BY number <= $1, number`,
        [turn],
      );
      const slots = createSlots(query);
      const due: DueDelivery[] = [];
      for (const { number, ...hook } of hooks) {
        const free = slots.free(hook);
        if (free === 0) continue;
        const taken = await takeDue(tx, number, tx.now + query.leaseMs, free);
        for (const each of taken) due.push({ ...each, hook });
        slots.take(hook, taken.length);
        turn = number;
        if (due.length >= query.limit) break;
      }
      return due;
    },
    async settleDelivery(tx, { hookId, eventId, ...settled }) {
      const [hook] = await tx.query<{ number: number }>(
        'SELECT number FROM hooks WHERE id = $1 AND removed_at IS NULL FOR UPDATE',
        [hookId],
      );
      if (hook === undefined) return null;
      if (await endDelivery(tx, hook.number, eventId, settled)) {
        tx.send('UPDATE hooks SET waiting = greatest(0, waiting - 1) WHERE number = $1', [hook.number]);
      }
      if (settled.outcome === 'disable') {
        tx.send(
          'UPDATE hooks SET disabled_at = $1, disabled_reason = $2 WHERE number = $3 AND disabled_at IS NULL',
          [tx.now, settled.reason, hook.number],
        );
      }
      return null;
    },
  };
}
