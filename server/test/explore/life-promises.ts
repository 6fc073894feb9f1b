import { isForgotten, type ClaimRecord } from '../../src/claims/record.ts';
import type { ClaimAnswer, FinishOutcome, ResolveOutcome } from '../../src/claims/commands.ts';
import type { Act } from './life-acts.ts';
import {
  BLOCKED_MS,
  RETENTION_SECONDS,
  SECOND_MS,
  TTL_SECONDS,
  type Ended,
  type Held,
  type LifeState,
} from './life-state.ts';

type Answer = ClaimAnswer | FinishOutcome | ResolveOutcome;

const RETENTION_MS = RETENTION_SECONDS * SECOND_MS;
const TTL_MS = TTL_SECONDS * SECOND_MS;

/** What those who asked know after an answer. */
export function toldAfter(before: LifeState, act: Act, answer: Answer, after: LifeState): LifeState {
  const { now, held } = before;
  if (act.by === 'claim') {
    if (answer.outcome === 'unresolved') return { ...after, held: held && { ...held, block: true } };
    if (answer.outcome !== 'acquired') return after;
    const { leaseId, fence } = answer.record;
    const { holder, onExpired } = act.claim;
    const highestFence = Math.max(before.highestFence, fence);
    if (!answer.reentrant) {
      const taken: Held = { leaseId, holder, until: now + TTL_MS, block: onExpired === 'block' };
      return { ...after, highestFence, held: taken, ended: null };
    }
    const renewed = held && now >= held.until ? { ...held, until: now + TTL_MS } : held;
    return { ...after, highestFence, held: renewed };
  }
  if (answer.outcome !== 'done') return after;
  if (act.by !== 'person' && act.to === 'extend')
    return { ...after, held: held && { ...held, until: now + TTL_MS } };
  const { state, result, errorCode } = answer.record;
  // The same end, told again, is remembered no longer for it.
  const isNew = after.record !== before.record;
  if (!isNew || state === 'in_progress') return { ...after, held: null };
  return {
    ...after,
    held: null,
    ended: { state, result, errorCode, at: now, byPerson: act.by === 'person' },
  };
}

/** The promise that was broken by an answer, or by time (`act` null); null where all are kept. */
export function brokenBy(
  before: LifeState,
  act: Act | null,
  answer: Answer | null,
  after: LifeState,
): string | null {
  const lost = lostEnd(before, act, answer, after);
  if (lost !== null) return lost;
  const { held, now } = after;
  if (held && now < held.until && !isHeldBy(after, held))
    return 'A holder that was told of a live lease has lost it.';
  if (act === null || answer === null) return null;
  if (
    after.record !== before.record &&
    before.record !== undefined &&
    !isForgotten(before.record, before.now)
  ) {
    if (Number(after.record?.version) <= before.record.version)
      return 'The record was changed, and its version did not grow.';
  }
  return act.by === 'claim' ? brokenClaim(before, act, answer) : brokenFinish(before, act, answer);
}

const isHeldBy = ({ record, now }: LifeState, held: Held): boolean =>
  record?.state === 'in_progress' &&
  record.leaseId === held.leaseId &&
  record.holder === held.holder &&
  now < record.expiresAt;

/** An end that was told stands for its retention, unless what may follow it has followed. */
function lostEnd(before: LifeState, act: Act | null, answer: Answer | null, after: LifeState): string | null {
  const { ended } = before;
  if (ended === null) return null;
  const isKept = after.now < ended.at + RETENTION_MS;
  const { record } = after;
  if (!isKept) {
    return record?.doneAt === ended.at && !isForgotten(record, after.now)
      ? 'An end outlived its retention.'
      : null;
  }
  if (record !== undefined && !isForgotten(record, after.now) && tells(record, ended)) return null;
  return act !== null && answer !== null && mayFollow(ended, before, act, answer)
    ? null
    : `An end was lost: ${ended.state}.`;
}

const tells = (record: ClaimRecord, ended: Ended): boolean =>
  record.state === ended.state && record.result === ended.result && record.errorCode === ended.errorCode;

function mayFollow(ended: Ended, { record }: LifeState, act: Act, answer: Answer): boolean {
  if (act.by === 'person') return answer.outcome === 'done' && ended.state !== 'released';
  if (act.by === 'claim') {
    const isOpen = ended.state === 'released' || (ended.state === 'failed' && record?.retryable === true);
    return isOpen && answer.outcome === 'acquired';
  }
  // A completion that was overtaken by its own failure still counts.
  return (
    ended.state === 'failed' && !ended.byPerson && act.to === 'complete' && act.leaseId === record?.leaseId
  );
}

function brokenClaim(before: LifeState, act: Act & { by: 'claim' }, answer: Answer): string | null {
  const { held, ended, now, highestFence, record } = before;
  const kept = ended !== null && now < ended.at + RETENTION_MS ? ended : null;
  if (kept?.state === 'completed' && !['completed', 'fingerprint_mismatch'].includes(answer.outcome)) {
    return `A completed key was answered ${answer.outcome}.`;
  }
  if (kept?.state === 'released' && answer.outcome === 'fingerprint_mismatch') {
    return 'A released key is kept for a fingerprint.';
  }
  if (answer.outcome !== 'acquired') return null;
  if (answer.reentrant) {
    if (held?.leaseId !== answer.record.leaseId) return 'A lease was shown that is not held.';
    if (held.holder === null || held.holder !== act.claim.holder)
      return 'A lease was shown to another than its holder.';
    return answer.record.fence === record?.fence ? null : 'The fence changed while the holder stayed.';
  }
  if (held && now < held.until) return 'Two holders are live.';
  if (held?.block && now < held.until + BLOCKED_MS)
    return 'What is to be done at most once was given out again.';
  if (answer.record.fence <= highestFence) return 'A fence did not grow.';
  const { attempt, attemptsReleased } = answer.record;
  const most = act.claim.maxAttempts ?? (record && !isForgotten(record, now) ? record.maxAttempts : null);
  return most !== null && attempt - attemptsReleased > most
    ? 'More attempts were made than are allowed.'
    : null;
}

function brokenFinish(before: LifeState, act: Exclude<Act, { by: 'claim' }>, answer: Answer): string | null {
  const { held, now, record } = before;
  const isDone = answer.outcome === 'done';
  if (isDone && (record === undefined || isForgotten(record, now))) return 'What is forgotten was changed.';
  if (act.by === 'person') {
    return isDone && act.version !== record?.version
      ? 'A person decided about another version than they saw.'
      : null;
  }
  if (isDone && act.leaseId !== record?.leaseId) return 'A lease that is no more has changed the key.';
  if (isDone && act.to === 'extend' && held === null) return 'A lease that nobody holds was extended.';
  const isHolders = held !== null && act.leaseId === held.leaseId;
  return isHolders && now < held.until + RETENTION_MS && !isDone
    ? `A holder that nobody has taken over was answered ${answer.outcome}.`
    : null;
}
