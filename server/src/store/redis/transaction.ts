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

/** Of one tenant, so that the tenant's number is 0 throughout. */
export interface RedisTransaction extends Transaction {
  readonly claims: ClaimRows & { remove(key: string): void };
  readonly groups: GroupRows;
  readonly locks: LockRows;
  /** Redis's own, epoch milliseconds. */
  readonly redisTime: number;
  /** How often something was changed so far. */
  readonly changeCount: () => number;
  /** Takes a key out of an index that it should not be in. */
  unlist(index: Index, key: string): void;
  /** Makes the transaction keep its time, whatever it does. */
  readonly keepTime: () => void;
}

/** What is to be written. */
export interface Made extends Changes {
  readonly changesEntries: boolean;
  /** Groups that were asked for and not loaded: which ones are needed is known once the records are there. */
  readonly missingGroups: readonly string[];
}

/** A transaction on what was loaded; what it changes is in memory until `made` is written. */
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

/** What the work answered, and what only the write could tell. */
export interface Done<T> {
  readonly value: T;
  /** The record with the fence that it was given. */
  withFence(record: ClaimRecord): ClaimRecord;
  /** How much other servers charged meanwhile. */
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
