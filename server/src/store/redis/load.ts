import { monthName } from '../shared/time.ts';
import type { UsageKind } from '../shared/transaction.ts';
import type { Stored } from './entries.ts';
import { script, type Link } from './link.ts';
import { CLAIMS, GROUPS, LOCKS } from './record-text.ts';
import type { RedisTenants } from './tenants.ts';

const LOAD = script('load');

/** What a transaction needs: keys of claims and of locks, and names of groups. */
export interface Wanted {
  readonly claims?: readonly string[];
  readonly groups?: readonly string[];
  readonly locks?: readonly string[];
}

/** The data of one tenant at one instant. */
export interface Loaded {
  /** The time of Redis. */
  readonly time: number;
  /** The time of the tenant. */
  readonly now: number;
  /** The stored time of the tenant. */
  readonly kept: number;
  /** The last fence that was given out. */
  readonly fence: number;
  readonly month: string;
  readonly usage: Readonly<Record<UsageKind, number>>;
  /** Grows with every change of the tenant's hooks. */
  readonly hooksVersion: number;
  /** The hooks that are not disabled, as JSON. */
  readonly hooks: readonly string[];
  readonly claims: ReadonlyMap<string, Stored>;
  readonly groups: ReadonlyMap<string, Stored>;
  readonly locks: ReadonlyMap<string, Stored>;
}

type Answer = readonly [
  time: number,
  fields: readonly (string | null)[],
  hooks: readonly string[],
  records: readonly Stored[],
];

export async function load(
  link: Link,
  tenants: RedisTenants,
  tenant: string,
  wanted: Wanted,
): Promise<Loaded> {
  const { claims = [], groups = [], locks = [] } = wanted;
  const base = tenants.base(tenant);
  const names = [
    ...claims.map((key) => base + CLAIMS.infix + key),
    ...groups.map((name) => base + GROUPS.infix + name),
    ...locks.map((key) => base + LOCKS.infix + key),
  ];
  const clock = tenants.time(tenant);
  const month = monthName(clock.now());
  const keys = [base, `${base}:hooks`, `${base}:disabled`, ...names];
  const answer = await link.run(LOAD, keys, ['now', 'fence', 'hooks', `ai:${month}`, `make:${month}`]);
  const [time, fields, hooks, records] = answer as unknown as Answer;
  const [kept = 0, fence = 0, hooksVersion = 0, ai = 0, make = 0] = fields.map(Number);
  const now = clock.at(time, kept);
  // The month has just changed, so other counters are needed.
  if (monthName(now) !== month) return load(link, tenants, tenant, wanted);
  return {
    ...{ time, now, kept, fence, month, usage: { ai, make }, hooksVersion, hooks },
    claims: storedOf(claims, records),
    groups: storedOf(groups, records.slice(claims.length)),
    locks: storedOf(locks, records.slice(claims.length + groups.length)),
  };
}

const storedOf = (keys: readonly string[], records: readonly Stored[]): ReadonlyMap<string, Stored> =>
  new Map(keys.map((key, index) => [key, records[index] ?? null]));
