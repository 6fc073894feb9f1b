import type { GroupRecord } from '../../src/claims/group.ts';
import type { ClaimRecord } from '../../src/claims/record.ts';

/** One event of a group, with what its runs say. */
export interface Run {
  readonly key: string;
  readonly sequence: string | null;
  /** Its run may not be taken over, if its claims say so always, or sometimes. */
  readonly blocks?: boolean | 'sometimes';
  /** The run that it is an item of. */
  readonly of?: string;
  /** Its claims name no group. */
  readonly outside?: boolean;
}

/** The events of a group, and how often each is delivered. */
export interface Runs {
  readonly events: readonly Run[];
  readonly deliveries: number;
  readonly maxAttempts?: number;
  /** A person clears the mark at any time. */
  readonly clears?: boolean;
}

/** A group as a store keeps it, and what its runs were told. */
export interface GroupState {
  readonly now: number;
  readonly group: GroupRecord | undefined;
  readonly keys: readonly {
    readonly record: ClaimRecord | undefined;
    readonly delivered: number;
    /** When somebody was told that it is completed, as long as that counts. */
    readonly completedAt: number | null;
  }[];
  readonly leases: number;
  /** The key that was given the group last. */
  readonly lastTaker: number | null;
}

/** What lies so far back that nothing depends on it any more lies back alike. */
const FURTHEST = 3;
const units = (milliseconds: number): number =>
  Math.max(-FURTHEST, Math.min(FURTHEST, Math.round(milliseconds / 1_000)));

/** The same text for states from which the same may happen: instants by how far away they are. */
export function canonicalGroup(runs: Runs, { now, group, keys, lastTaker }: GroupState): string {
  return JSON.stringify([
    keys.map(({ record, delivered, completedAt }) => [
      delivered,
      completedAt !== null,
      canonicalRecord(record, now),
    ]),
    group && [
      ...[group.taker, group.takerSequence, group.takerRun, group.takerBlocks, group.mark],
      group.end === null ? null : units(group.end - now),
      group.asks && [group.asks.key, group.asks.sequence, units(group.asks.until - now)],
      units(group.until - now),
    ],
    lastTaker === null ? null : runs.events[lastTaker]?.key,
  ]);
}

const canonicalRecord = (record: ClaimRecord | undefined, now: number): unknown =>
  record && [
    ...[record.state, record.holder, record.onExpired, record.retryable, record.rejectedEmpty, record.group],
    units((record.doneAt ?? record.expiresAt) - now),
    Math.min(record.attempt - record.attemptsReleased, 2),
    record.leaseId.startsWith('person'),
  ];
