import { MAX_WAITING } from '../../hooks/hook-store.ts';
import type { DeliveryTable } from './delivery-table.ts';
import { EVENTS_A_STEP, planStep, TOO_MANY_WAITING, wants } from '../shared/event-rules.ts';
import type { NewEvent } from '../shared/transaction.ts';
import type { EventTable } from './event-table.ts';
import type { HookTable } from './hook-table.ts';

/** Writes in the current transaction. Hooks are read anew in each call, so that changes by other servers are seen. */
export interface EventWriter {
  /** Writes events, and adds those that some hook wants to the outbox. */
  write(events: readonly NewEvent[]): void;
  /** Makes some of the deliveries of the oldest events in the outbox. Returns whether there are more to make. */
  makeDeliveries(): boolean;
}

interface Tables {
  readonly events: EventTable;
  readonly hooks: HookTable;
  readonly deliveries: DeliveryTable;
}

export function prepareEventWriter({ events: table, hooks, deliveries }: Tables): EventWriter {
  const listenersTo = (events: readonly { readonly tenant: number }[]) =>
    [...new Set(events.map(({ tenant }) => tenant))].flatMap((tenant) => hooks.listeners(tenant));

  return {
    write(events) {
      const stored = table.write(events);
      if (!hooks.any()) return;
      const listeners = Map.groupBy(listenersTo(stored), ({ tenant }) => tenant);
      for (const event of stored) {
        if (listeners.get(event.tenant)?.some((each) => wants(each, event)) === true)
          table.addToOutbox(event);
      }
    },
    makeDeliveries() {
      const waiting = table.outbox(EVENTS_A_STEP);
      if (waiting.length === 0) return false;
      const step = planStep(waiting, listenersTo(waiting));
      for (const [{ number, waiting: before }, events] of step.deliveries) {
        for (const event of events) deliveries.add(number, event);
        hooks.addWaiting(number, events.length);
        const latest = events.at(-1)?.at ?? 0;
        if (before + events.length > MAX_WAITING) hooks.disable(number, latest, TOO_MANY_WAITING);
      }
      const last = waiting[step.done - 1];
      if (last !== undefined) table.removeFromOutbox(last.id);
      return step.done < waiting.length || waiting.length === EVENTS_A_STEP;
    },
  };
}
