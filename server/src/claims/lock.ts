import type { Lock, LockOutcome, Of } from './commands.ts';
import type { Decision, Moment } from './life.ts';
import { isExpired } from './record.ts';

/** What a store keeps about a key of check-lock. */
export interface LockRecord {
  readonly holder: string | null;
  readonly ttlSeconds: number;
  readonly metadata: string | null;
  readonly firstSeenAt: number;
  readonly expiresAt: number;
}

/** Locks the key, or answers `duplicate` until the ttl of the first call has passed. The same holder gets `locked` again. */
export function lockKey(
  stored: LockRecord | undefined,
  command: Of<Lock>,
  { now }: Pick<Moment, 'now'>,
): Decision<LockOutcome, LockRecord> {
  if (stored !== undefined && !isExpired(stored, now)) {
    const own = stored.holder !== null && stored.holder === command.holder;
    return { answer: answer(own ? 'locked' : 'duplicate', stored, now) };
  }
  const next: LockRecord = {
    holder: command.holder,
    ttlSeconds: command.ttlSeconds,
    metadata: command.metadata,
    firstSeenAt: now,
    expiresAt: now + command.ttlSeconds * 1_000,
  };
  return { answer: answer('locked', next, now), next };
}

function answer(outcome: LockOutcome['outcome'], lock: LockRecord, now: number): LockOutcome {
  const { ttlSeconds, firstSeenAt, expiresAt } = lock;
  return { outcome, ttlSeconds, firstSeenAt, expiresAt, now };
}
