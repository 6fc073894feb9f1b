import type { Sequence } from '@onceonly/shared/sequence.ts';
import { hash } from 'node:crypto';

/** What a store keeps of a key. Instants are epoch milliseconds (`…At`), durations carry their unit. */
export type ClaimState = 'in_progress' | 'completed' | 'failed' | 'released';

/** At an expired lease: `retry` lets the next claim take over (at least once), `block` asks a person (at most once). */
export type OnExpired = 'retry' | 'block';

export interface ClaimRecord {
  readonly state: ClaimState;
  /** The lease that may finish this key; a new one with every claim, dead as soon as another is given out. */
  readonly leaseId: string;
  /** One run of one step; null where the claim named none. */
  readonly holder: string | null;
  /** The run as a whole, so that an error workflow can fail all that it holds. */
  readonly run: string | null;
  /** How often the key was claimed since there is a record of it. */
  readonly attempt: number;
  /** The attempts up to the last release: `maxAttempts` counts from there. */
  readonly attemptsReleased: number;
  /** Grows with every change: what a person's decision is checked against. */
  readonly version: number;
  /** From a counter that is never reset: a later claim's fence is higher, also after the record was forgotten. */
  readonly fence: number;
  /** Grows when a failure certainly had no effect; part of the idempotency key. */
  readonly epoch: number;
  readonly ttlSeconds: number;
  readonly retentionSeconds: number;
  readonly onExpired: OnExpired;
  readonly maxAttempts: number | null;
  readonly fingerprint: string | null;
  /** What must not be worked on at the same time; null: nothing was named. */
  readonly group: string | null;
  /** Its place in the group: only newer ones may follow a completed one. */
  readonly sequence: Sequence | null;
  /** JSON text, as it was sent. */
  readonly metadata: string | null;
  /** Where the run is that claimed it, for people: the JSON text of an `Origin`. */
  readonly origin: string | null;
  readonly firstSeenAt: number;
  readonly claimedAt: number;
  readonly expiresAt: number;
  /** When it was completed, failed or released; null in progress. */
  readonly doneAt: number | null;
  /** JSON text, as it was sent. */
  readonly result: string | null;
  readonly resultHash: string | null;
  readonly errorCode: string | null;
  /** Of a failure: whether the next claim may try again. */
  readonly retryable: boolean;
  /** Of a lease that ended without an end of its work: its death was reported. False again with every lease that is given. */
  readonly deathReported: boolean;
  /** The failure came from a completion whose result was empty. */
  readonly rejectedEmpty: boolean;
}

export const DAY_MS = 86_400_000;

/** How long a run that died under `block` waits for a person: 400 days. */
export const BLOCKED_MILLISECONDS = 400 * DAY_MS;

/** The instant from which there is no record, swept or not. */
export function forgetAt(record: ClaimRecord): number {
  if (record.doneAt !== null) return record.doneAt + record.retentionSeconds * 1_000;
  if (record.onExpired === 'block') return record.expiresAt + BLOCKED_MILLISECONDS;
  return record.expiresAt + record.retentionSeconds * 1_000;
}

/** Whether `now` has reached the end of what is remembered. */
export function isForgotten(record: ClaimRecord, now: number): boolean {
  return now >= forgetAt(record);
}

/** The record, unless there is none or it is forgotten. */
export function present(record: ClaimRecord | undefined, now: number): ClaimRecord | undefined {
  return record !== undefined && !isForgotten(record, now) ? record : undefined;
}

/** Whether the lease has ended. It is live up to, and not at, `expiresAt`. */
export function isExpired(record: Pick<ClaimRecord, 'expiresAt'>, now: number): boolean {
  return now >= record.expiresAt;
}

/** The run died under `block`: nobody knows whether its work was done, and a person has to say. */
export function unresolved(record: ClaimRecord, now: number): boolean {
  return record.state === 'in_progress' && record.onExpired === 'block' && isExpired(record, now);
}

/** A claim at `now` would acquire, but for the attempts, which are used up. */
export function exhausted(record: ClaimRecord, now: number): boolean {
  const claimable =
    (record.state === 'failed' && record.retryable) ||
    (record.state === 'in_progress' && record.onExpired === 'retry' && isExpired(record, now));
  return claimable && attemptsUsedUp(record, record.maxAttempts);
}

/** Whether one more attempt would exceed `maxAttempts`, counted from the last release. */
export function attemptsUsedUp(record: ClaimRecord, maxAttempts: number | null): boolean {
  return maxAttempts !== null && record.attempt + 1 - record.attemptsReleased > maxAttempts;
}

/** Whether a run died with this record and nobody was told: its lease ended before its work did. */
export function hasUnreportedDeath(record: ClaimRecord, now: number): boolean {
  return record.state === 'in_progress' && !record.deathReported && isExpired(record, now);
}

/** The record once its death is reported. Its version stays, so that a person's decision that is under way holds. */
export function withDeathReported(record: ClaimRecord): ClaimRecord {
  return { ...record, deathReported: true };
}

/**
 * A UUID (version-8 layout) that is the same for every attempt at a key, to hand on to APIs that take an idempotency
 * key. Another tenant, key or epoch gives another one.
 */
export function idempotencyKey(tenant: string, key: string, epoch: number): string {
  // A length in front of each text, since either may hold any separator.
  const parts = [tenant.length, ':', tenant, key.length, ':', key, epoch];
  const hex = hash('sha256', parts.join(''), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
