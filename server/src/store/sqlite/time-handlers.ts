import { oldestKept } from '../shared/event-rules.ts';
import type { SweepStep } from '../shared/requests.ts';
import type { ClaimTable } from './claim-table.ts';
import type { DeliveryTable } from './delivery-table.ts';
import type { Handlers } from './transaction.ts';
import type { EventTable } from './event-table.ts';
import type { GroupTable } from './group-table.ts';
import type { HookTable } from './hook-table.ts';
import type { LockTable } from './lock-table.ts';
import type { FileTenants } from './tenants.ts';
import { hasUnreportedDeath, withDeathReported, unresolved } from '../../claims/record.ts';
import { recordEvent } from '../shared/record-event.ts';
import type { Transaction } from '../shared/transaction.ts';

interface Kept {
  readonly tenants: FileTenants;
  readonly claims: ClaimTable;
  readonly groups: GroupTable;
  readonly locks: LockTable;
  readonly events: EventTable;
  readonly hooks: HookTable;
  readonly deliveries: DeliveryTable;
  readonly reportDeathsIn: ReportDeaths;
  readonly eventDays: number;
}

/** The most tenants or hooks in one transaction, and the longest time that it takes. Claims wait meanwhile. */
const OWNERS_A_STEP = 100;
const STEP_MILLISECONDS = 5;

/** The handlers for what happens only because time passes: deaths are reported, and expired rows are removed in small steps. */
export function timeHandlers(kept: Kept): Pick<Handlers, 'reportDeaths' | 'lead' | 'sweep'> {
  const { tenants, claims, groups, locks, events, hooks, deliveries, reportDeathsIn, eventDays } = kept;

  function hookStep(after: number, now: number, limit: number): SweepStep {
    const some = hooks.kept(after, OWNERS_A_STEP);
    return step(some, limit, ({ number, live, removed }, left) => {
      const before = removed ? Number.MAX_SAFE_INTEGER : oldestKept(now, eventDays);
      const swept = deliveries.sweep(number, before, live, left);
      if (removed && swept < left) hooks.forget(number);
      return swept;
    });
  }

  return {
    reportDeaths: (tx, { limit }) => reportDeathsIn(tx, limit),
    // Servers that share a file are on one machine and write in turns. So if two sweep, the second finds little to do.
    lead: () => true,
    sweep(tx, { what, after, limit }) {
      const { now } = tx.moment;
      switch (what) {
        case 'claims':
          return { removed: claims.sweep(now, limit), next: null };
        case 'groups':
          return { removed: groups.sweep(now, limit), next: null };
        case 'locks':
          return { removed: locks.sweep(now, limit), next: null };
        case 'events': {
          const some = tenants.after(after, OWNERS_A_STEP).map((number) => ({ number }));
          return step(some, limit, ({ number }, left) => events.sweep(number, now, left));
        }
        case 'deliveries':
          return hookStep(after, now, limit);
      }
    },
  };
}

/** Sweeps owner by owner until there are no more, `limit` is reached, or the time of a step is over. */
function step<Owner extends { readonly number: number }>(
  owners: readonly Owner[],
  limit: number,
  sweep: (owner: Owner, left: number) => number,
): SweepStep {
  const until = performance.now() + STEP_MILLISECONDS;
  let removed = 0;
  for (const owner of owners) {
    removed += sweep(owner, limit - removed);
    if (removed >= limit || performance.now() > until) return { removed, next: owner.number };
  }
  return { removed, next: owners.length < OWNERS_A_STEP ? null : (owners.at(-1)?.number ?? null) };
}

/** Reports up to `limit` runs that died, also if their records have expired. Returns how many. */
export type ReportDeaths = (tx: Transaction, limit: number) => number;

/** `deathReported` is set in the same transaction that writes the events, so that each death is reported once. */
export function prepareDeaths(table: ClaimTable): ReportDeaths {
  return (tx, limit) => {
    const { now } = tx.moment;
    const died = table.died(now, limit);
    for (const [tenant, key] of died) {
      const record = table.get(tenant, key);
      if (record === undefined || !hasUnreportedDeath(record, now)) continue;
      table.put(tenant, key, withDeathReported(record));
      recordEvent(tx, tenant, key, 'run_died', record);
      if (unresolved(record, now)) recordEvent(tx, tenant, key, 'unresolved', record);
    }
    return died.length;
  };
}
