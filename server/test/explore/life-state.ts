import { isExpired, isForgotten, type ClaimRecord } from '../../src/claims/record.ts';

export const SECOND_MS = 1_000;
export const BLOCKED_MS = 400 * 86_400_000;
export const TTL_SECONDS = 2;
export const RETENTION_SECONDS = 3;

/** A lease as its holder knows it, from what it was told, until it ends it or another takes it. */
export interface Held {
  readonly leaseId: string;
  readonly holder: string | null;
  readonly until: number;
  /** Whether anybody was told that nobody takes it over. */
  readonly block: boolean;
}

/** An end that somebody was told of. */
export interface Ended {
  readonly state: 'completed' | 'failed' | 'released';
  readonly result: string | null;
  readonly errorCode: string | null;
  readonly at: number;
  readonly byPerson: boolean;
}

/** A key as a store keeps it, and beside it what was told to those who asked. */
export interface LifeState {
  readonly now: number;
  readonly record: ClaimRecord | undefined;
  /** Handed out so far. */
  readonly leases: number;
  readonly fences: number;
  /** The highest that a claim was told. */
  readonly highestFence: number;
  readonly held: Held | null;
  readonly ended: Ended | null;
}

export const NOTHING: LifeState = {
  now: 0,
  record: undefined,
  leases: 0,
  fences: 0,
  highestFence: 0,
  held: null,
  ended: null,
};

/** More attempts than this are used up alike: no claim allows more. */
const MOST_ATTEMPTS = 2;

/** Instants by how far away they are, counters by what is asked of them; what was told too, so that nothing hides a fault. */
export function canonicalLife({ now, record, held, ended }: LifeState): string {
  const told = [
    held && [held.holder, clipped(held.until - now), held.block],
    ended && [ended.state, ended.result, ended.errorCode, ended.byPerson, clipped(ended.at - now)],
  ];
  return JSON.stringify([record === undefined ? null : canonicalRecord(record, now), told]);
}

function canonicalRecord(record: ClaimRecord, now: number): readonly unknown[] {
  return [
    record.state,
    record.holder,
    clipped(timeLeft(record, now)),
    record.onExpired,
    record.maxAttempts,
    Math.min(record.attempt - record.attemptsReleased, MOST_ATTEMPTS),
    record.fingerprint,
    record.result,
    record.errorCode,
    record.retryable,
    record.rejectedEmpty,
    record.deathReported,
    isKnown(record.leaseId),
    isForgotten(record, now),
  ];
}

/** A person's word takes the lease from whoever had it: nobody knows the new one. */
export const isKnown = (leaseId: string): boolean => !leaseId.startsWith('person');

/** What lies further back than anything is remembered lies back alike. */
const clipped = (milliseconds: number): number => Math.max(milliseconds, -RETENTION_SECONDS * SECOND_MS);

/** Milliseconds to the end of a lease, or since the end of its work. A blocked one that has ended stays so for long. */
function timeLeft(record: ClaimRecord, now: number): number {
  if (record.doneAt !== null) return record.doneAt - now;
  return record.onExpired === 'block' && isExpired(record, now) ? 0 : record.expiresAt - now;
}
