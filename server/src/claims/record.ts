import type { Sequence } from '@onceonly/shared/sequence.ts';
import { hash } from 'node:crypto';

export type ClaimState = 'in_progress' | 'completed' | 'failed' | 'released';

/** After a lease has expired: `retry` lets the next claim take over (at least once), `block` asks a person (at most once). */
export type OnExpired = 'retry' | 'block';

/** What a store keeps about a key. Instants (`…At`) are epoch milliseconds; the names of durations contain their unit. */
export interface ClaimRecord {
  readonly state: ClaimState;
  /** The only lease that may finish this key. Every acquired claim gives a new one, and the earlier one is lost. */
  readonly leaseId: string;
  /** One run of one step; null if the claim named none. */
  readonly holder: string | null;
  /** The whole run, so that an error workflow can fail all keys that it holds. */
  readonly run: string | null;
  /** How often the key was acquired in the life of this record. */
  readonly attempt: number;
  /** The value of `attempt` at the last release. `maxAttempts` counts from there. */
  readonly attemptsReleased: number;
  /** Grows with every change. A person's decision is checked against it. */
  readonly version: number;
  /** From a counter that is never reset, so that a later claim has a higher fence, even after the record was forgotten. */
  readonly fence: number;
  /** Part of the idempotency key. Grows when a failure certainly had no effect. */
  readonly epoch: number;
  readonly ttlSeconds: number;
  readonly retentionSeconds: number;
  readonly onExpired: OnExpired;
  readonly maxAttempts: number | null;
  readonly fingerprint: string | null;
  /** Keys of the same group are not worked on at the same time; null: no group. */
  readonly group: string | null;
  /** The position in the group: only a newer one may follow one that was completed. */
  readonly sequence: Sequence | null;
  /** The JSON text as it was sent. */
  readonly metadata: string | null;
  /** Tells people where the run is that claimed it: an `Origin` as JSON. */
  readonly origin: string | null;
  readonly firstSeenAt: number;
  readonly claimedAt: number;
  readonly expiresAt: number;
  /** When it was completed, failed or released; null while in progress. */
  readonly doneAt: number | null;
  /** The JSON text as it was sent. */
  readonly result: string | null;
  readonly resultHash: string | null;
  readonly errorCode: string | null;
  /** Whether the next claim may try again after a failure. */
  readonly retryable: boolean;
  /** Whether it was reported that the lease expired before its work ended. Every new lease sets this to false. */
  readonly deathReported: boolean;
  /** Whether it failed because its result was empty. */
  readonly rejectedEmpty: boolean;
}

export const DAY_MS = 86_400_000;

/** How long a run that died under `block` waits for a person: 400 days. */
export const BLOCKED_MILLISECONDS = 400 * DAY_MS;

/** From this instant the record counts as absent, whether or not it was deleted already. */
export function forgetAt(record: ClaimRecord): number {
  if (record.doneAt !== null) return record.doneAt + record.retentionSeconds * 1_000;
  if (record.onExpired === 'block') return record.expiresAt + BLOCKED_MILLISECONDS;
  return record.expiresAt + record.retentionSeconds * 1_000;
}

export function isForgotten(record: ClaimRecord, now: number): boolean {
  return now >= forgetAt(record);
}

/** The record, unless there is none or it is to be forgotten. */
export function present(record: ClaimRecord | undefined, now: number): ClaimRecord | undefined {
  return record !== undefined && !isForgotten(record, now) ? record : undefined;
}

/** Whether the lease has ended. At `expiresAt` it has. */
export function isExpired(record: Pick<ClaimRecord, 'expiresAt'>, now: number): boolean {
  return now >= record.expiresAt;
}

type Lease = Pick<ClaimRecord, 'state' | 'onExpired' | 'expiresAt'>;

/** Whether the run died under `block`: nobody knows whether its work was done, so a person has to decide. */
export function unresolved(record: Lease, now: number): boolean {
  return record.state === 'in_progress' && record.onExpired === 'block' && isExpired(record, now);
}

/** Whether the run died under `retry`: the next run takes over, or is turned away where no attempts are left. */
export function hasDied(record: Lease, now: number): boolean {
  return record.state === 'in_progress' && record.onExpired === 'retry' && isExpired(record, now);
}

/** Whether a claim at `now` would be acquired if attempts were left. */
export function exhausted(record: ClaimRecord, now: number): boolean {
  const claimable = (record.state === 'failed' && record.retryable) || hasDied(record, now);
  return claimable && attemptsUsedUp(record, record.maxAttempts);
}

/** Whether one more attempt would exceed `maxAttempts`, counted from the last release. */
export function attemptsUsedUp(record: ClaimRecord, maxAttempts: number | null): boolean {
  return maxAttempts !== null && record.attempt + 1 - record.attemptsReleased > maxAttempts;
}

/** Whether the lease expired before its work ended, and this was not reported yet. */
export function hasUnreportedDeath(record: ClaimRecord, now: number): boolean {
  return record.state === 'in_progress' && !record.deathReported && isExpired(record, now);
}

/** The record after its death was reported. The version does not change, so that a person's decision that is on its way applies. */
export function withDeathReported(record: ClaimRecord): ClaimRecord {
  return { ...record, deathReported: true };
}

/**
 * A UUID (version 8) that is the same for every attempt at a key, to be given to APIs that accept an idempotency key. Another
 * tenant, key or epoch gives another one.
 */
export function idempotencyKey(tenant: string, key: string, epoch: number): string {
  // Each text is preceded by its length, because both may contain any separator.
  const parts = [tenant.length, ':', tenant, key.length, ':', key, epoch];
  const hex = hash('sha256', parts.join(''), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
