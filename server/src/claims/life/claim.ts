import { LIMITS } from '@onceonly/shared/limits.ts';
import type { Claim, ClaimAnswer, Of } from '../commands.ts';
import type { ClaimRecord } from '../record.ts';
import type { Decision, Moment } from './decision.ts';
import { attemptsUsedUp, isExpired, present } from './time.ts';

/** A claim of a key. The rows of the life table in their order: the first that fits decides. */
export function claimKey(
  stored: ClaimRecord | undefined,
  claim: Of<Claim>,
  moment: Moment,
): Decision<ClaimAnswer> {
  const { now } = moment;
  const record = present(stored, now);
  if (record === undefined) return acquire(undefined, claim, moment);
  const known = knownFingerprint(record);
  if (known !== null && claim.fingerprint !== null && known !== claim.fingerprint) {
    return { answer: { outcome: 'fingerprint_mismatch', record, now } };
  }
  switch (record.state) {
    case 'completed':
      return { answer: { outcome: 'completed', record, now } };
    case 'failed':
      if (!record.retryable) return { answer: { outcome: 'failed', record, now } };
      break;
    case 'in_progress': {
      if (record.holder !== null && record.holder === claim.holder) return again(record, claim, now);
      if (!isExpired(record, now)) return { answer: { outcome: 'in_progress', record, now } };
      if (record.onExpired === 'block') return { answer: { outcome: 'unresolved', record, now } };
      if (claim.onExpired === 'block') {
        const next: ClaimRecord = { ...record, onExpired: 'block', version: record.version + 1 };
        return { answer: { outcome: 'unresolved', record: next, now }, next };
      }
      break;
    }
    case 'released':
      break;
  }
  return attemptsUsedUp(record, claim.maxAttempts ?? record.maxAttempts)
    ? exhaust(record, claim, now)
    : acquire(record, claim, moment);
}

/** A release gives up what the key was claimed for as well: a wrong fingerprint does not outlive it. */
function knownFingerprint(record: ClaimRecord | undefined): string | null {
  return record === undefined || record.state === 'released' ? null : record.fingerprint;
}

/** The same run of the same step asks again: its own lease, renewed where it had expired. */
function again(record: ClaimRecord, claim: Of<Claim>, now: number): Decision<ClaimAnswer> {
  if (!isExpired(record, now)) return { answer: { outcome: 'acquired', reentrant: true, record, now } };
  const next: ClaimRecord = {
    ...record,
    ttlSeconds: claim.ttlSeconds,
    expiresAt: now + claim.ttlSeconds * 1_000,
    version: record.version + 1,
    deathTold: false,
  };
  return { answer: { outcome: 'acquired', reentrant: true, record: next, now }, next };
}

function exhaust(record: ClaimRecord, claim: Of<Claim>, now: number): Decision<ClaimAnswer> {
  if (claim.maxAttempts === null || claim.maxAttempts === record.maxAttempts) {
    return { answer: { outcome: 'exhausted', record, now } };
  }
  const next: ClaimRecord = { ...record, maxAttempts: claim.maxAttempts, version: record.version + 1 };
  return { answer: { outcome: 'exhausted', record: next, now }, next };
}

/** A new lease, on a new record (`previous` undefined) or on one that may be claimed. Any older lease is dead. */
function acquire(previous: ClaimRecord | undefined, claim: Of<Claim>, moment: Moment): Decision<ClaimAnswer> {
  const { now } = moment;
  const next: ClaimRecord = {
    state: 'in_progress',
    leaseId: moment.leaseId(),
    holder: claim.holder,
    run: claim.run,
    attempt: (previous?.attempt ?? 0) + 1,
    attemptsReleased: previous?.attemptsReleased ?? 0,
    version: (previous?.version ?? 0) + 1,
    fence: moment.fence(),
    epoch: previous?.epoch ?? 0,
    ttlSeconds: claim.ttlSeconds,
    retentionSeconds: claim.retentionSeconds ?? LIMITS.retentionSeconds.default,
    // A stored `block` never gets here in progress, so that a takeover keeps `retry` unless told otherwise.
    onExpired: claim.onExpired ?? 'retry',
    maxAttempts: claim.maxAttempts ?? previous?.maxAttempts ?? null,
    fingerprint: knownFingerprint(previous) ?? claim.fingerprint,
    metadata: claim.metadata ?? previous?.metadata ?? null,
    firstSeenAt: previous?.firstSeenAt ?? now,
    claimedAt: now,
    expiresAt: now + claim.ttlSeconds * 1_000,
    doneAt: null,
    result: null,
    resultHash: null,
    errorCode: null,
    retryable: false,
    deathTold: false,
    rejectedEmpty: false,
  };
  return { answer: { outcome: 'acquired', reentrant: false, record: next, now }, next };
}
