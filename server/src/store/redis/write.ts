import type { GroupRecord } from '../../claims/group.ts';
import type { LockRecord } from '../../claims/lock.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import type { NewEvent, UsageKind } from '../shared/transaction.ts';
import { TIMEOUT_MS } from './connection.ts';
import type { Change } from './entries.ts';
import { eventPlan } from './event-plan.ts';
import { INDEXES, indexPlan, type Index } from './indexes.ts';
import { script, type Link } from './link.ts';
import type { Loaded } from './load.ts';
import { CLAIMS, GROUPS, LOCKS, type Kind } from './record-text.ts';

const WRITE = script('write');

export const USAGE_KINDS: readonly UsageKind[] = ['ai', 'make'];

/** The changes of a transaction. */
export interface Changes {
  readonly claims: readonly Change<ClaimRecord>[];
  readonly groups: readonly Change<GroupRecord>[];
  readonly locks: readonly Change<LockRecord>[];
  /** How many fences were taken. */
  readonly fences: number;
  readonly charged: ReadonlyMap<UsageKind, number>;
  readonly events: readonly NewEvent[];
  readonly unlisted: readonly (readonly [Index, string])[];
  /** `if possible`: an end was just reached, which a clock that is set back later should not undo. */
  readonly keepsTime: 'always' | 'if possible' | 'no';
}

/** What is known only after the write. */
export interface Written {
  /** By how much the fences are higher than the transaction assumed. */
  readonly shift: number;
  /** The counters of the month, in the order of `USAGE_KINDS`; empty if they are not known. */
  readonly counters: readonly number[];
  /** The text of each written entry after its fence: claims, groups, locks. */
  readonly rests: readonly string[];
}

/**
 * Redis expires finished records this much later than needed, because its clock may differ from the time of the tenant, which
 * never goes back.
 */
const LATER_MS = 5_000;

/** Undefined if an entry is not as it was loaded. Nothing was written then. */
export async function write(
  link: Link,
  base: string,
  loaded: Loaded,
  changes: Changes,
): Promise<Written | undefined> {
  const { now, time, fence, month, hooksVersion } = loaded;
  const records = [
    ...changes.claims.map((change) => recordOf(base, CLAIMS, change, now)),
    ...changes.groups.map((change) => recordOf(base, GROUPS, change, now)),
    ...changes.locks.map((change) => recordOf(base, LOCKS, change, now)),
  ];
  const events = eventPlan(base, changes.events, loaded.hooks, now);
  const plan = {
    ...{ now, loadedAt: time, timeout: TIMEOUT_MS, records: records.length, fence, fences: changes.fences },
    ...{ hooksVersion, sees: changes.keepsTime !== 'no' },
    usage: USAGE_KINDS.flatMap((kind) => [`${kind}:${month}`, changes.charged.get(kind) ?? 0]),
    indexes: indexPlan(changes.claims, changes.unlisted),
    ...events.plan,
  };
  const keys = [
    base,
    ...[...INDEXES, 'events', 'seldom', 'days', 'hooks', 'disabled'].map((name) => `${base}:${name}`),
    ...records.map(({ name }) => name),
    ...events.keys,
  ];
  const args = records.flatMap(({ expected, fence, rest, life }) => [expected, fence, rest, life]);
  const answer = await link.run(WRITE, keys, [JSON.stringify(plan), ...args]);
  const [isWritten, shift, counters] = answer as readonly [number, number, readonly number[]];
  return isWritten === 1 ? { shift, counters, rests: records.map(({ rest }) => rest) } : undefined;
}

function recordOf<Entry>(base: string, kind: Kind<Entry>, { key, before, next }: Change<Entry>, now: number) {
  const name = base + kind.infix + key;
  const expected = before === undefined ? '' : kind.stampOf(before);
  if (next === undefined) return { name, expected, fence: '', rest: '', life: 'gone' };
  const endsAt = kind.endsAt(next);
  const life = endsAt === null ? '' : endsAt - now + LATER_MS;
  return { name, expected, fence: kind.fenceOf(next), rest: kind.restOf(next), life };
}
