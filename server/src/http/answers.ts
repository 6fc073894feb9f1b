import { shownSequence } from '@onceonly/shared/sequence.ts';
import type {
  Claim,
  ClaimOutcome,
  FailRunOutcome,
  Of,
  FinishOutcome,
  LockOutcome,
} from '../claims/commands.ts';
import { idempotencyKey, exhausted, unresolved, type ClaimRecord } from '../claims/record.ts';
import type {
  CheckLockAnswer,
  FinishAnswer,
  LeaseAnswer,
  ResultAnswer,
  StatusAnswer,
} from './answer-schemas.ts';
import type { DerivedFrom } from './keyed-claim.ts';
import type { Refusal } from './refusal.ts';

/** JSON text that is sent as it is, or a refusal. */
export type Answer = string | Refusal;

/** The bounds of `retry_after_sec`, which says when to ask again while another holder is at work. */
const RETRY_AFTER_SECONDS = { min: 10, max: 300 } as const;

/** Epoch milliseconds as ISO-8601 in UTC. */
export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** Adds a result as the text that was sent, which keeps its numbers exact. */
function withResult<T extends { readonly result: unknown }>(
  members: Omit<T, 'result'>,
  result: string | null,
): string {
  return `${JSON.stringify(members).slice(0, -1)},"result":${result ?? 'null'}}`;
}

/** Whole seconds between two instants, rounded up; 0 if the second one has passed. */
const seconds = (from: number, to: number): number => Math.max(0, Math.ceil((to - from) / 1_000));

/**
 * When to ask again, in whole seconds. It grows with the time that the run has been at work, so that callers who wait for a run
 * that hangs for hours ask less and less often. It never goes past the end of the lease.
 */
function retryAfter(claimedAt: number, now: number, leftSeconds: number): number {
  const { min, max } = RETRY_AFTER_SECONDS;
  const again = Math.min(Math.max(Math.ceil((now - claimedAt) / 1_000), min), max);
  return Math.max(1, Math.min(leftSeconds, again));
}

export function leaseAnswer(
  tenant: string,
  key: string,
  seen: Exclude<Extract<ClaimOutcome, { record: ClaimRecord }>, { outcome: 'fingerprint_mismatch' }>,
  more: Partial<DerivedFrom> & { readonly reentrant?: true } = {},
): string {
  const { record, outcome } = seen;
  const mine = outcome === 'acquired';
  const reentrant = mine && seen.reentrant;
  const leftSeconds =
    outcome === 'in_progress' || outcome === 'unresolved' ? seconds(seen.now, record.expiresAt) : null;
  const members = {
    ok: true,
    status: outcome,
    key,
    ttl: record.ttlSeconds,
    ttl_left: leftSeconds,
    lease_id: mine ? record.leaseId : null,
    version: record.version,
    first_seen_at: iso(record.firstSeenAt),
    done_at: isoOrNull(record.doneAt),
    result_hash: record.resultHash,
    error_code: record.errorCode,
    retry_after_sec:
      outcome === 'in_progress' ? retryAfter(record.claimedAt, seen.now, leftSeconds ?? 0) : null,
    usage: seen.usage,
    limit: null,
    charged: mine && !reentrant ? 1 : 0,
    attempt: record.attempt,
    reentrant,
    expires_at: mine || leftSeconds !== null ? iso(record.expiresAt) : null,
    fence: record.fence,
    idempotency_key: idempotencyKey(tenant, key, record.epoch),
    ...more,
  };
  return withResult<LeaseAnswer>(members, outcome === 'completed' ? record.result : null);
}

/** The answer to a claim that its group delays or stops. Its key need not have a record. */
export function groupAnswer(
  { key }: Of<Claim>,
  seen: Extract<ClaimOutcome, { outcome: 'busy' | 'stale' }>,
  more: Partial<DerivedFrom>,
): string {
  const held =
    seen.outcome === 'busy' && seen.until !== null ? { since: seen.since, until: seen.until } : null;
  const leftSeconds = held && seconds(seen.now, held.until);
  const waiting = held === null ? 'unresolved' : 'in_progress';
  const status: LeaseAnswer['status'] = seen.outcome === 'stale' ? 'stale' : waiting;
  const members = {
    ok: true,
    status,
    key,
    // The times are those of the key that is at work.
    ttl: held === null ? 0 : seconds(held.since, held.until),
    ttl_left: leftSeconds,
    lease_id: null,
    version: 0,
    first_seen_at: null,
    done_at: null,
    result_hash: null,
    error_code: null,
    retry_after_sec: held && retryAfter(held.since, seen.now, leftSeconds ?? 0),
    usage: seen.usage,
    limit: null,
    charged: 0,
    attempt: 0,
    reentrant: false,
    expires_at: isoOrNull(held?.until ?? null),
    fence: 0,
    idempotency_key: null,
    ...(seen.outcome === 'stale'
      ? { newest: shownSequence(seen.mark) }
      : { busy: 'group' as const, busy_key: seen.by, same_run: seen.ofSameRun }),
    ...more,
  };
  return withResult<LeaseAnswer>(members, null);
}

/** The status of a record in a read. Clients of the hosted API know only its statuses, so what is new stands in flags. */
export function statusWord(record: ClaimRecord, now: number) {
  const isExhausted = exhausted(record, now);
  const status = isExhausted ? 'failed' : record.state;
  return { status, exhausted: isExhausted, unresolved: unresolved(record, now) };
}

/** The answer to a read without the result. It never contains a lease id. */
export function statusAnswer(tenant: string, key: string, record: ClaimRecord, now: number): string {
  const { status, ...flags } = statusWord(record, now);
  const running = status === 'in_progress';
  const leftSeconds = running ? seconds(now, record.expiresAt) : null;
  const answer: StatusAnswer = {
    ok: true,
    status,
    key,
    ttl: record.ttlSeconds,
    ttl_left: leftSeconds,
    lease_id: null,
    version: record.version,
    first_seen_at: iso(record.firstSeenAt),
    done_at: isoOrNull(record.doneAt),
    result_hash: record.resultHash,
    error_code: record.errorCode,
    retry_after_sec:
      leftSeconds !== null && !flags.unresolved ? retryAfter(record.claimedAt, now, leftSeconds) : null,
    attempt: record.attempt,
    expires_at: running ? iso(record.expiresAt) : null,
    fence: record.fence,
    idempotency_key: idempotencyKey(tenant, key, record.epoch),
    ...flags,
  };
  return JSON.stringify(answer);
}

/** The answer to a read with the result, as it was sent; null unless completed. */
export function resultAnswer(key: string, record: ClaimRecord, now: number): string {
  const { status, ...flags } = statusWord(record, now);
  const members = {
    ok: true,
    status,
    key,
    result_hash: record.resultHash,
    error_code: record.errorCode,
    done_at: isoOrNull(record.doneAt),
    ...flags,
  };
  return withResult<ResultAnswer>(members, record.state === 'completed' ? record.result : null);
}

/** The answer of check-lock: the members of the hosted API, and, for a derived key, where it comes from. */
export function lockAnswer(key: string, outcome: LockOutcome, derivedFrom: DerivedFrom | null): string {
  const locked = outcome.outcome === 'locked';
  const answer: CheckLockAnswer = {
    success: locked,
    status: outcome.outcome,
    key,
    ttl: outcome.ttlSeconds,
    first_seen_at: locked ? null : iso(outcome.firstSeenAt),
    ...derivedFrom,
  };
  return JSON.stringify(answer);
}

/** The answer after a key was completed, failed, cancelled or resolved. */
export function finishAnswer(
  key: string,
  done: Extract<FinishOutcome, { outcome: 'done' }>,
  reasoningTokens: number | null = null,
): string {
  const { record } = done;
  const answer: FinishAnswer = {
    ok: true,
    status: record.state,
    key,
    state: record.state,
    version: record.version,
    attempt: record.attempt,
    done_at: isoOrNull(record.doneAt),
    result_hash: record.resultHash,
    error_code: record.errorCode,
    retryable: record.state === 'failed' ? record.retryable : false,
    // Known only from the result in this request, which is not kept.
    ...(record.rejectedEmpty && { reasoning_tokens: reasoningTokens }),
  };
  return JSON.stringify(answer);
}

/** The answer after a lease was extended, with its new end. */
export function extendAnswer(key: string, done: Extract<FinishOutcome, { outcome: 'done' }>): string {
  const { record } = done;
  const answer: FinishAnswer = {
    ok: true,
    status: 'extended',
    key,
    state: record.state,
    ttl: record.ttlSeconds,
    version: record.version,
    attempt: record.attempt,
    expires_at: iso(record.expiresAt),
  };
  return JSON.stringify(answer);
}

/** How many keys of a run were failed, 0 included. */
export function failRunAnswer(run: string, outcome: FailRunOutcome): string {
  const answer: FinishAnswer = { ok: true, status: 'failed', run, count: outcome.failed };
  return JSON.stringify(answer);
}
