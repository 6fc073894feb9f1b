import type { DueDelivery, DueQuery } from './hook-store.ts';

type OfHook = Pick<DueDelivery['hook'], 'id' | 'tenant'>;

export interface Slots {
  /** How many more deliveries of this hook may be handed out. */
  free(hook: OfHook): number;
  take(hook: OfHook, count: number): void;
}

/**
 * Shares the deliveries that may be under way at once among hooks and tenants. A failing hook gets one slot, and all failing hooks
 * of a tenant together get half of its slots. So receivers that hang delay neither other tenants nor the other hooks of theirs.
 */
export function createSlots({ limit, perHook, perTenant, busy, failing: ids }: DueQuery): Slots {
  const failing = new Set(ids);
  const ofHook = new Map<string, number>();
  const ofTenant = new Map<string, number>();
  const failingOfTenant = new Map<string, number>();
  let handedOut = 0;

  const add = (counts: Map<string, number>, name: string, count: number): void =>
    void counts.set(name, (counts.get(name) ?? 0) + count);
  const left = (most: number, counts: Map<string, number>, name: string): number =>
    most - (counts.get(name) ?? 0);
  function occupy({ id, tenant }: OfHook, count: number): void {
    add(ofHook, id, count);
    add(ofTenant, tenant, count);
    if (failing.has(id)) add(failingOfTenant, tenant, count);
  }
  for (const hook of busy) occupy(hook, 1);

  return {
    free({ id, tenant }) {
      const slow = failing.has(id);
      return Math.max(
        0,
        Math.min(
          limit - handedOut,
          left(slow ? 1 : perHook, ofHook, id),
          left(perTenant, ofTenant, tenant),
          slow ? left(Math.ceil(perTenant / 2), failingOfTenant, tenant) : Infinity,
        ),
      );
    },
    take(hook, count) {
      handedOut += count;
      occupy(hook, count);
    },
  };
}
