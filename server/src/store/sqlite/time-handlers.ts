import type { ClaimTable } from './claim-table.ts';
import type { TellDeaths } from './deaths.ts';
import type { DeliveryTable } from './delivery-table.ts';
import type { Handlers } from './engine.ts';
import { oldestKept } from '../shared/event-rules.ts';
import type { EventTable } from './event-table.ts';
import type { HookTable } from './hook-table.ts';
import type { LockTable } from './lock-table.ts';

interface Kept {
  readonly claims: ClaimTable;
  readonly locks: LockTable;
  readonly events: EventTable;
  readonly hooks: HookTable;
  readonly deliveries: DeliveryTable;
  readonly tellDeaths: TellDeaths;
  readonly eventDays: number;
}

/** What time alone does: deaths to be told, and whatever is past its time. Each call is a small transaction. */
export function timeHandlers(kept: Kept): Pick<Handlers, 'tellDied' | 'sweep'> {
  const { claims, locks, events, tellDeaths } = kept;
  return {
    tellDied: (tx, { limit }) => tellDeaths(tx, limit),
    sweep(tx, { limit }) {
      const { now } = tx.moment;
      // Whatever is forgotten in progress died; one that nobody was told of must not go.
      if (tellDeaths(tx, limit) === limit) return limit;
      let swept = claims.sweep(now, limit);
      swept += locks.sweep(now, limit - swept);
      swept += events.sweep(now, limit - swept);
      return swept + sweepDeliveries(kept, now, limit - swept);
    },
  };
}

function sweepDeliveries({ hooks, deliveries, eventDays }: Kept, now: number, limit: number): number {
  let swept = 0;
  for (const { number, live, removed } of hooks.kept()) {
    if (swept >= limit) break;
    const before = removed ? Number.MAX_SAFE_INTEGER : oldestKept(now, eventDays);
    swept += deliveries.sweep(number, before, live, limit - swept);
    if (removed && swept < limit) hooks.forget(number);
  }
  return swept;
}
