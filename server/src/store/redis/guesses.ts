import { LRUCache } from 'lru-cache';
import { MAX_HOOKS } from '../../hooks/hook-store.ts';
import type { LockRecord } from '../../claims/lock.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import { monthName } from '../shared/time.ts';
import type { Change } from './entries.ts';
import type { Loaded, Wanted } from './load.ts';
import { CLAIMS } from './record-text.ts';
import type { RedisTenants } from './tenants.ts';
import type { Written } from './write.ts';

/**
 * Guesses what a transaction would load, so that most need not load at all: keys are usually new, or as this server left them.
 * A guess is safe only for records that are then written, since Redis compares those. What only an answer depends on must be
 * loaded.
 */
export interface Guesses {
  /** Undefined if nothing is known. */
  of(tenant: string, wanted: Wanted): Loaded | undefined;
  loaded(tenant: string, loaded: Loaded): void;
  written(tenant: string, loaded: Loaded, made: Made, written: Written): void;
  /** How many hooks the tenant has; the most that it may have if nothing is known. */
  hooksOf(tenant: string): number;
  /** A guess was wrong, so the next transactions load. */
  failed(tenant: string): void;
}

interface Made {
  readonly claims: readonly Change<ClaimRecord>[];
  readonly locks: readonly Change<LockRecord>[];
  readonly fences: number;
}

interface Known {
  /** Without the records, whose results may be long. */
  readonly last: Loaded;
  readonly fence: number;
  /** How many of the next transactions must load. */
  readonly loads: number;
}

/** How many transactions load after a wrong guess. */
const LOADS_AFTER_FAILURE = 8;
/** How many records in progress are remembered. Each has a few hundred bytes. */
const REMEMBERED_RECORDS = 10_000;
/** How many tenants are remembered; each has its hooks, up to a hundred. */
const REMEMBERED_TENANTS = 2_000;
const NO_RECORDS = { claims: new Map(), groups: new Map(), locks: new Map() } satisfies Partial<Loaded>;

export function createGuesses(tenants: RedisTenants): Guesses {
  const known = new LRUCache<string, Known>({ max: REMEMBERED_TENANTS });
  /** The records in progress as this server wrote them, by their names in Redis. */
  const records = new LRUCache<string, string>({ max: REMEMBERED_RECORDS });

  const nameOf = (tenant: string, key: string): string => tenants.base(tenant) + CLAIMS.infix + key;

  return {
    of(tenant, { claims = [], groups = [], locks = [] }) {
      const it = known.get(tenant);
      if (it === undefined || groups.length > 0 || claims.length + locks.length === 0) return undefined;
      if (it.loads > 0) {
        known.set(tenant, { ...it, loads: it.loads - 1 });
        return undefined;
      }
      const clock = tenants.time(tenant);
      const now = clock.now();
      // A new month needs other counters.
      if (monthName(now) !== it.last.month) return undefined;
      return {
        ...it.last,
        ...{ time: clock.redisNow(), now, kept: now, fence: it.fence },
        claims: new Map(claims.map((key) => [key, records.get(nameOf(tenant, key)) ?? null])),
        groups: new Map(),
        locks: new Map(locks.map((key) => [key, null])),
      };
    },
    loaded(tenant, last) {
      const { fence = 0, loads = 0 } = known.get(tenant) ?? {};
      known.set(tenant, { last: { ...last, ...NO_RECORDS }, fence: Math.max(fence, last.fence), loads });
    },
    written(tenant, loaded, { claims, fences }, { shift, rests }) {
      tenants.time(tenant).advanceTo(loaded.now);
      const it = known.get(tenant);
      if (it !== undefined && fences > 0) {
        known.set(tenant, { ...it, fence: Math.max(it.fence, loaded.fence + fences + shift) });
      }
      claims.forEach(({ key, next }, index) => {
        const name = nameOf(tenant, key);
        const rest = rests[index];
        if (next?.state !== 'in_progress' || rest === undefined) records.delete(name);
        else records.set(name, `${next.fence + (next.fence > loaded.fence ? shift : 0)}${rest}`);
      });
    },
    hooksOf: (tenant) => known.peek(tenant)?.last.hooks.length ?? MAX_HOOKS,
    failed(tenant) {
      const it = known.get(tenant);
      if (it !== undefined) known.set(tenant, { ...it, loads: LOADS_AFTER_FAILURE });
    },
  };
}
