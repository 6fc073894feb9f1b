import type { DueDelivery } from '../../hooks/hook-store.ts';
import { createSlots } from '../../hooks/slots.ts';
import type { DeliveryTable } from './delivery-table.ts';
import type { Handlers } from './transaction.ts';
import type { EventWriter } from './event-writer.ts';
import type { HookTable } from './hook-table.ts';
import type { HookKind } from '../shared/requests.ts';
import type { Tenants } from '../shared/transaction.ts';

/** The handlers of requests about hooks and their deliveries. */
export function hookHandlers(
  tenants: Tenants,
  hooks: HookTable,
  deliveries: DeliveryTable,
  writer: EventWriter,
): Pick<Handlers, HookKind> {
  /** The hook that was served last. The next query begins after it, so that hooks take turns. */
  let turn = 0;

  function find(of: { tenant: string; createdBy: string | null; id: string }): number | undefined {
    const tenant = tenants.find(of.tenant);
    return tenant === undefined ? undefined : hooks.find(tenant, of.createdBy, of.id);
  }

  return {
    createHook(tx, hook) {
      const { id, tenant: name, url, events, job } = hook;
      const { now } = tx.moment;
      const tenant = tenants.ensure(name);
      if (!hooks.insert(tenant, hook, now)) return { outcome: 'too_many' };
      const created = { id, url, events, job, createdAt: now, disabledAt: null, disabledReason: null };
      return { outcome: 'created', hook: created };
    },
    listHooks(_, { tenant: name, createdBy }) {
      const tenant = tenants.find(name);
      return tenant === undefined ? [] : hooks.list(tenant, createdBy);
    },
    removeHook(tx, request) {
      const number = find(request);
      if (number !== undefined) hooks.remove(number, tx.moment.now);
      return number !== undefined;
    },
    listDeliveries(_, request) {
      const number = find(request);
      return number === undefined ? null : deliveries.log(number, request.limit);
    },
    makeDeliveries: () => writer.makeDeliveries(),
    dueDeliveries(tx, query) {
      const { now } = tx.moment;
      const slots = createSlots(query);
      const due: DueDelivery[] = [];
      for (const { number, ...hook } of hooks.targets(turn)) {
        const free = slots.free(hook);
        if (free === 0) continue;
        const taken = deliveries.take(number, now, now + query.leaseMs, free);
        for (const each of taken) due.push({ ...each, hook });
        slots.take(hook, taken.length);
        turn = number;
        if (due.length >= query.limit) break;
      }
      return due;
    },
    settleDelivery(tx, { hookId, eventId, ...settled }) {
      const { now } = tx.moment;
      const number = hooks.numberOf(hookId);
      if (number === undefined) return null;
      if (deliveries.settle(number, eventId, settled, now)) hooks.addWaiting(number, -1);
      if (settled.outcome === 'disable') hooks.disable(number, now, settled.reason);
      return null;
    },
  };
}
