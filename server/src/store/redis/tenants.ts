import type { Clock, Elapsed } from '../../clock.ts';
import { runOn } from '../shared/time.ts';
import type { Places } from './places.ts';

/** One tenant's time. */
export interface TenantTime {
  /** The latest that was told, which runs on. */
  readonly now: () => number;
  /** From now on, no answer tells an earlier time. */
  readonly told: (now: number) => void;
  /** The latest that Redis itself showed, which runs on. */
  readonly redisNow: () => number;
  /**
   * The tenant's time where Redis shows `redisTime` and has kept `kept`: Redis's own, but never before a time that was
   * told. A clock that is set back, or a failover to a machine whose clock is behind, cannot undo what was answered.
   */
  at(redisTime: number, kept: number): number;
}

/** The tenants' parts of the store. */
export interface RedisTenants {
  /** The tenant's hash, with which all its other keys begin: they lie in one hash slot. */
  base(tenant: string): string;
  time(tenant: string): TenantTime;
  /** Makes the tenant one of those that `all` names. */
  ensure(tenant: string): Promise<void>;
  all(): Promise<readonly string[]>;
  /** From now on, `ensure` writes again: what a failover lost is there again with a tenant's next claim. */
  doubt(): void;
}

export interface RedisTenantsOptions {
  readonly prefix: string;
  /** In the place of Redis's own time. */
  readonly clock: Clock | undefined;
  /** What passes on this machine, for Redis's clock. */
  readonly passed: Elapsed;
}

/**
 * A tenant is one hash slot: its fence, its counters, its events and their deliveries change in one script with a
 * record, and a cluster spreads tenants. The fence costs a tenant one number, and a key nothing.
 */
export function createTenants(places: Places, { prefix, clock, passed }: RedisTenantsOptions): RedisTenants {
  // Where a test steps the time, none passes by itself.
  const elapsed = clock === undefined ? passed : () => 0;
  const known = new Map<string, Promise<unknown>>();
  const times = new Map<string, TenantTime>();
  // Of all tenants: about right for one that nothing was heard of yet.
  const latest = runOn(elapsed);

  function createTime(): TenantTime {
    const own = runOn(elapsed);
    const shown = runOn(passed);
    return {
      now: () => Math.max(clock?.() ?? 0, own.now() || latest.now()),
      told: own.heard,
      redisNow: shown.now,
      at(redisTime, kept) {
        const now = Math.max(clock?.() ?? redisTime, kept, own.now());
        own.heard(now);
        shown.heard(redisTime);
        latest.heard(now);
        return now;
      },
    };
  }

  return {
    // A brace would end the part of the name that makes the slot, and two tenants could share a key.
    base: (tenant) => `{${prefix}:${tenant.replace(/[%{}]/g, encodeURIComponent)}}`,
    time(tenant) {
      const time = times.get(tenant) ?? createTime();
      times.set(tenant, time);
      return time;
    },
    async ensure(tenant) {
      let added = known.get(tenant);
      if (added === undefined) {
        added = places.writeAny('SADD', 'tenants', tenant);
        known.set(tenant, added);
        added.catch(() => known.delete(tenant));
      }
      await added;
    },
    doubt: () => {
      known.clear();
    },
    async all() {
      const answers = (await places.askAll('SMEMBERS', 'tenants')) as readonly (readonly string[])[];
      return [...new Set(answers.flat())];
    },
  };
}
