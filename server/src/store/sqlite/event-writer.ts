import { ofJob } from '../../claims/events.ts';
import { MAX_WAITING } from '../../hooks/hook-store.ts';
import type { DeliveryTable } from './delivery-table.ts';
import { TOO_MANY_WAITING, wants } from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';
import type { EventTable } from './event-table.ts';
import type { HookTable, Listener } from './hook-table.ts';

/** Writes events, and a delivery for each hook that wants them, in the current transaction. */
export type WriteEvents = (events: readonly NewEvent[]) => void;

interface Tables {
  readonly events: EventTable;
  readonly hooks: HookTable;
  readonly deliveries: DeliveryTable;
}

/** The hooks of a tenant are read once a call and not cached, so that changes by other servers are seen. */
export function prepareEventWriter({ events: table, hooks, deliveries }: Tables): WriteEvents {
  return (events) => {
    const stored = table.write(events);
    if (!hooks.any()) return;
    const listeners = new Map<number, readonly Listener[]>();
    const added = new Map<Listener, number>();
    let now = 0;

    for (const event of stored) {
      now = Math.max(now, event.at);
      const those = listeners.get(event.tenant) ?? hooks.listeners(event.tenant);
      listeners.set(event.tenant, those);
      for (const listener of those) {
        if (!wants(listener, event.type) || !ofJob(event, listener.job)) continue;
        deliveries.add(listener.number, event);
        added.set(listener, (added.get(listener) ?? 0) + 1);
      }
    }
    for (const [{ number, waiting }, count] of added) {
      hooks.addWaiting(number, count);
      if (waiting + count > MAX_WAITING) hooks.disable(number, now, TOO_MANY_WAITING);
    }
  };
}
