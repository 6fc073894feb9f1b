import type { Cancel, Complete, Extend, Fail, FinishOutcome, Of, Refused } from '../commands.ts';
import type { ClaimRecord } from '../record.ts';
import type { Decision, Moment } from './decision.ts';
import { present } from './time.ts';

type Finish = Decision<FinishOutcome>;
type Now = Pick<Moment, 'now'>;

/** The error code of a completion that was refused for its empty result. */
export const EMPTY_OUTPUT = 'empty_output';

/**
 * Completes the key. A failure of the same lease is overtaken, a completion is not: the first result stands. With
 * `rejectEmpty`, an empty result fails the key instead, to be tried again.
 */
export function completeKey(
  stored: ClaimRecord | undefined,
  command: Of<Complete>,
  { now }: Now,
): Decision<FinishOutcome> {
  return withLease(stored, command.leaseId, now, (record) => {
    const rejected = command.rejectEmpty && command.resultEmpty;
    if (record.state === 'completed' || (rejected && record.rejectedEmpty)) return unchanged(record, now);
    const { result, resultHash } = command;
    return rejected
      ? changed(record, now, { ...FAILED, errorCode: EMPTY_OUTPUT, retryable: true, rejectedEmpty: true })
      : changed(record, now, { ...COMPLETED, result, resultHash });
  });
}

/** Fails the key. The same lease's first failure stands. */
export function failKey(
  stored: ClaimRecord | undefined,
  command: Pick<Fail, 'leaseId' | 'errorCode' | 'retryable' | 'noEffect'>,
  { now }: Now,
): Decision<FinishOutcome> {
  return withLease(stored, command.leaseId, now, (record) => {
    if (record.state === 'completed') return refused('already_finished', record);
    if (record.state === 'failed') return unchanged(record, now);
    const { errorCode, retryable } = command;
    const epoch = record.epoch + (command.noEffect ? 1 : 0);
    return changed(record, now, { ...FAILED, errorCode, retryable, epoch });
  });
}

/** Moves the end of the lease to `now` plus the ttl, also of one that has expired and was not taken over. */
export function extendKey(
  stored: ClaimRecord | undefined,
  command: Of<Extend>,
  { now }: Now,
): Decision<FinishOutcome> {
  return withLease(stored, command.leaseId, now, (record) => {
    if (record.state !== 'in_progress') return refused('already_finished', record);
    const ttlSeconds = command.ttlSeconds ?? record.ttlSeconds;
    const expiresAt = now + ttlSeconds * 1_000;
    const next = { ...record, ttlSeconds, expiresAt, version: record.version + 1, deathTold: false };
    return { answer: { outcome: 'done', record: next, now }, next };
  });
}

/** Gives the key up: a tombstone stays, which anyone may claim. */
export function cancelKey(
  stored: ClaimRecord | undefined,
  command: Of<Cancel>,
  { now }: Now,
): Decision<FinishOutcome> {
  const record = present(stored, now);
  if (record?.state === 'released' && record.leaseId === command.leaseId) return unchanged(record, now);
  return withLease(stored, command.leaseId, now, (current) =>
    current.state === 'in_progress'
      ? changed(current, now, released(current))
      : refused('already_finished', current),
  );
}

/** What a release writes: attempts count anew, and nothing of an end remains. */
export function released(record: ClaimRecord): Partial<ClaimRecord> {
  return { ...ENDED, state: 'released', attemptsReleased: record.attempt };
}

/** What every end overwrites, so that nothing of an earlier one shows through. */
export const ENDED = {
  result: null,
  resultHash: null,
  errorCode: null,
  retryable: false,
  rejectedEmpty: false,
} as const;
const COMPLETED = { ...ENDED, state: 'completed' } as const;
const FAILED = { ...ENDED, state: 'failed' } as const;

/** The record's end, or its other end, at `now`. */
export function changed(record: ClaimRecord, now: number, end: Partial<ClaimRecord>) {
  const next: ClaimRecord = { ...record, ...end, doneAt: now, version: record.version + 1 };
  return { answer: { outcome: 'done', record: next, now }, next } as const;
}

function unchanged(record: ClaimRecord, now: number): Finish {
  return { answer: { outcome: 'done', record, now } };
}

function refused(outcome: Exclude<Refused['outcome'], 'not_found'>, record: ClaimRecord): Finish {
  return { answer: { outcome, state: record.state } };
}

/** `decide` for the holder of the current lease; a released key has none. */
function withLease(
  stored: ClaimRecord | undefined,
  leaseId: string,
  now: number,
  decide: (record: ClaimRecord) => Finish,
): Finish {
  const record = present(stored, now);
  if (record === undefined) return { answer: { outcome: 'not_found' } };
  if (record.leaseId !== leaseId || record.state === 'released') return refused('lease_lost', record);
  return decide(record);
}
