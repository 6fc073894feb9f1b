import { randomUUID } from 'node:crypto';
import type { ClaimRecord } from '../../claims/record.ts';
import type {
  ClaimRows,
  GroupRows,
  LockRows,
  NewEvent,
  Transaction,
  UsageKind,
} from '../shared/transaction.ts';
import { createEntries } from './entries.ts';
import type { Index } from './indexes.ts';
import type { Loaded } from './load.ts';
import { CLAIMS, GROUPS, LOCKS } from './record-text.ts';
import { USAGE_KINDS, type Changes, type Written } from './write.ts';

/** A transaction of one tenant. The number of the tenant is always 0 here. */
export interface RedisTransaction extends Transaction {
  readonly claims: ClaimRows & { remove(key: string): void };
  readonly groups: GroupRows;
  readonly locks: LockRows;
  /** The time of Redis, in epoch milliseconds. */
  readonly redisTime: number;
  /** How many changes were made so far. */
  readonly changeCount: () => number;
  /** Removes a key from an index that should not contain it. */
  unlist(index: Index, key: string): void;
  /** Makes the transaction store its time, even if it changes nothing. */
  readonly keepTime: () => void;
}

/** The changes that are to be written. */
export interface Made extends Changes {
  readonly changesEntries: boolean;
  /** Groups that were needed but not loaded. Which groups are needed is known only after the records are loaded. */
  readonly missingGroups: readonly string[];
}

/** Begins a transaction on loaded data. Its changes are in memory until the result of `made` is written. */
export function begin(loaded: Loaded): { readonly tx: RedisTransaction; readonly made: () => Made } {
  const { now, kept } = loaded;
  const claims = createEntries(CLAIMS, loaded.claims);
  const groups = createEntries(GROUPS, loaded.groups);
  const locks = createEntries(LOCKS, loaded.locks);
  const missing = new Set<string>();
  const charged = new Map<UsageKind, number>();
  const events: NewEvent[] = [];
  const unlisted: (readonly [Index, string])[] = [];
  let keepsTime: Made['keepsTime'] = 'no';
  let fences = 0;

  const count = (kind: UsageKind): number => loaded.usage[kind] + (charged.get(kind) ?? 0);
  const tx: RedisTransaction = {
    redisTime: loaded.time,
    moment: { now, leaseId: randomUUID, fence: () => loaded.fence + (fences += 1) },
    usage: {
      count: (_tenant, kind) => count(kind),
      add(_tenant, kind) {
        charged.set(kind, (charged.get(kind) ?? 0) + 1);
        return count(kind);
      },
    },
    events,
    dependsOn(endsAt) {
      if (endsAt > kept && endsAt <= now && keepsTime === 'no') keepsTime = 'if possible';
    },
    claims: {
      get: (_tenant, key) => claims.get(key),
      put: (_tenant, key, record) => {
        claims.put(key, record);
      },
      remove: (key) => {
        claims.put(key, undefined);
      },
      keysOfRun: (_tenant, run) =>
        [...loaded.claims.keys()].filter((key) => {
          const record = claims.get(key);
          return record?.run === run && record.state === 'in_progress';
        }),
    },
    groups: {
      get(_tenant, name) {
        if (!loaded.groups.has(name)) missing.add(name);
        return groups.get(name);
      },
      put: (_tenant, name, group) => {
        groups.put(name, group);
      },
    },
    locks: {
      get: (_tenant, key) => locks.get(key),
      put: (_tenant, key, lock) => {
        locks.put(key, lock);
      },
    },
    changeCount: () => claims.changeCount() + groups.changeCount() + locks.changeCount(),
    unlist: (index, key) => void unlisted.push([index, key]),
    keepTime() {
      keepsTime = 'always';
    },
  };
  return {
    tx,
    made(): Made {
      const changes = { claims: claims.changes(), groups: groups.changes(), locks: locks.changes() };
      const changesEntries = Object.values(changes).some(({ length }) => length > 0);
      return {
        ...changes,
        changesEntries,
        missingGroups: [...missing],
        fences,
        charged,
        events,
        unlisted,
        keepsTime,
      };
    },
  };
}

/** The result of the work, and what is known only after the write. */
export interface Done<T> {
  readonly value: T;
  /** The record with its final fence. */
  withFence(record: ClaimRecord): ClaimRecord;
  /** How much other servers added to this counter meanwhile. */
  more(kind: UsageKind): number;
}

export function doneOf<T>(
  value: T,
  loaded: Loaded,
  { charged }: Made,
  { shift, counters }: Written,
): Done<T> {
  return {
    value,
    withFence: (record) =>
      shift === 0 || record.fence <= loaded.fence ? record : { ...record, fence: record.fence + shift },
    more(kind) {
      const counted = counters[USAGE_KINDS.indexOf(kind)];
      return counted === undefined ? 0 : counted - loaded.usage[kind] - (charged.get(kind) ?? 0);
    },
  };
}
