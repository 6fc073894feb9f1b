import type { ClaimRecord } from '../record.ts';

/** How long a run that died under `block` waits for a person: 400 days. */
const BLOCKED_MILLISECONDS = 400 * 86_400_000;

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
