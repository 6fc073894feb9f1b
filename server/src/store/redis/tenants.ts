import type { Clock, Elapsed } from '../../clock.ts';
import { runOn } from '../shared/time.ts';
import type { GlobalKeys } from './global-keys.ts';

/** The time of one tenant. */
export interface TenantTime {
  /** The latest time in an answer, which runs on. */
  readonly now: () => number;
  /** From now on, no answer has an earlier time. */
  readonly advanceTo: (now: number) => void;
  /** The latest time of Redis's own clock, which runs on. */
  readonly redisNow: () => number;
  /**
   * The tenant's time when Redis's clock is at `redisTime` and the stored time is `kept`. It follows Redis's clock, but never
   * goes back, so that a clock that is set back, or a failover to a machine whose clock is behind, cannot undo an answer.
   */
  at(redisTime: number, kept: number): number;
}

/** The tenants of the store. */
export interface RedisTenants {
  /** The name of the tenant's hash. All its other names begin with it, so that they share a hash slot. */
  base(tenant: string): string;
  time(tenant: string): TenantTime;
  /** Adds the tenant to those that `all` lists. */
  ensure(tenant: string): Promise<void>;
  all(): Promise<readonly string[]>;
  /** Makes `ensure` write again, so that a tenant that a failover lost is added again with its next claim. */
  forget(): void;
}

export interface RedisTenantsOptions {
  readonly prefix: string;
  /** Used instead of Redis's clock, in tests. */
  readonly clock: Clock | undefined;
  /** The time that passes on this machine. */
  readonly passed: Elapsed;
}

/**
 * A tenant's data share one hash slot, so that one script can change a record together with the tenant's fence, counters, events
 * and deliveries. A cluster distributes tenants. One fence counter for each tenant is enough, so keys need none.
 */
export function createTenants(
  globalKeys: GlobalKeys,
  { prefix, clock, passed }: RedisTenantsOptions,
): RedisTenants {
  // When a test sets the time, it must not run on by itself.
  const elapsed = clock === undefined ? passed : () => 0;
  const known = new Map<string, Promise<unknown>>();
  const times = new Map<string, TenantTime>();
  // The latest time of any tenant, as an estimate for one that is not known yet.
  const latest = runOn(elapsed);

  function createTime(): TenantTime {
    const own = runOn(elapsed);
    const shown = runOn(passed);
    return {
      now: () => Math.max(clock?.() ?? 0, own.now() || latest.now()),
      advanceTo: own.advanceTo,
      redisNow: shown.now,
      at(redisTime, kept) {
        const now = Math.max(clock?.() ?? redisTime, kept, own.now());
        own.advanceTo(now);
        shown.advanceTo(redisTime);
        latest.advanceTo(now);
        return now;
      },
    };
  }

  return {
    // A brace in the tenant's name would end the hash tag, and two tenants could then share a key.
    base: (tenant) => `{${prefix}:${tenant.replace(/[%{}]/g, encodeURIComponent)}}`,
    time(tenant) {
      const time = times.get(tenant) ?? createTime();
      times.set(tenant, time);
      return time;
    },
    async ensure(tenant) {
      let added = known.get(tenant);
      if (added === undefined) {
        added = globalKeys.writeAny('SADD', 'tenants', tenant);
        known.set(tenant, added);
        added.catch(() => known.delete(tenant));
      }
      await added;
    },
    forget: () => {
      known.clear();
    },
    async all() {
      const answers = (await globalKeys.askAll('SMEMBERS', 'tenants')) as readonly (readonly string[])[];
      return [...new Set(answers.flat())];
    },
  };
}
