import { LIMITS } from '@onceonly/shared/limits.ts';
import type {
  Cancel,
  Claim,
  ClaimAnswer,
  Complete,
  Extend,
  Fail,
  FinishOutcome,
  KeyAnswer,
  Of,
  ReadOutcome,
  Resolve,
  ResolveOutcome,
} from './commands.ts';
import { barred, followed, isOvertaken, outdated, presentGroup, taken, type GroupRecord } from './group.ts';
import { attemptsUsedUp, isExpired, present, type ClaimRecord } from './record.ts';

/**
 * The life of a key: what each command does to its record, as pure functions. A store loads the record, calls one of them, and
 * writes `next` in the same transaction. The states of a claim over time:
 *
 *     claimedAt            expiresAt                       forgetAt
 *     ├──── in progress ───┼── may be taken over, or ──────┤ no record
 *     │     (lease live)   │   unresolved where `block`    │
 *     └─ completed/failed/released at doneAt ── retention ─┤ no record
 */
export interface Decision<Answer, Next = ClaimRecord> {
  readonly answer: Answer;
  /** The record to write; absent if nothing changes. */
  readonly next?: Next | undefined;
  /** The record of the key's group to write; absent if it does not change. */
  readonly nextGroup?: GroupRecord | undefined;
}

/** What a decision needs besides the record: the store's time, and values that only a store can make. */
export interface Moment {
  /** The store's time, in epoch milliseconds. */
  readonly now: number;
  /** A new, unique lease id. */
  leaseId(): string;
  /** The next number of the store's fence counter. */
  fence(): number;
}

type Stored = ClaimRecord | undefined;
type Now = Pick<Moment, 'now'>;

/** The error code of a key that was failed because its result was empty. */
export const EMPTY_OUTPUT = 'empty_output';

/** The error code of a key that a person marked as failed without a reason. */
export const FAILED_BY_OPERATOR = 'failed_by_operator';

/** The group that a command concerns: that of the record or, if a claim makes a new record, the one that it names. Null: none. */
export function groupOf(stored: Stored, claim: Pick<Of<Claim>, 'group'> | null, now: number): string | null {
  const record = present(stored, now);
  return record === undefined || (claim !== null && record.state === 'released')
    ? (claim?.group ?? null)
    : record.group;
}

/** Claims a key. The checks have the order of the table in the contract: the first that applies decides. */
export function claimKey(
  stored: Stored,
  claim: Of<Claim>,
  moment: Moment,
  storedGroup?: GroupRecord,
): Decision<ClaimAnswer> {
  const { now } = moment;
  const { key } = claim;
  const found = present(stored, now);
  const record = found?.state === 'released' ? undefined : found;
  if (record !== undefined && isOfAnother(record, claim))
    return { answer: { outcome: 'group_mismatch', now } };
  if (record !== undefined && differs(record.fingerprint, claim.fingerprint)) {
    return { answer: { outcome: 'fingerprint_mismatch', record, now } };
  }
  if (record?.state === 'completed') return { answer: { outcome: 'completed', record, now } };

  const group = presentGroup(storedGroup, now);
  const { group: name, sequence } = record ?? claim;
  const old = name === null ? undefined : outdated(group, sequence, now);
  if (old !== undefined) return { answer: old };

  const own = record && ownAnswer(record, claim, now, isOvertaken(group, key));
  const isRenewal = own?.answer.outcome === 'acquired' && own.next !== undefined;
  if (own !== undefined && !isRenewal) return withGroup(own, group, key, now);
  const bar = name === null ? undefined : barred(group, claim, sequence, now);
  if (bar !== undefined) return { answer: bar };
  const decision = own ?? acquire(found, claim, moment);
  if (name === null || decision.next === undefined) return decision;
  return { ...decision, nextGroup: taken(group, key, decision.next, now) };
}

/** Whether both are known and different. */
const differs = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other;

/** Whether the claim names another group or sequence than the record. A claim without a group names none. */
const isOfAnother = (record: ClaimRecord, { group, sequence }: Of<Claim>): boolean =>
  group !== null && (group !== record.group || sequence !== record.sequence);

/** The answer that follows from a record that is not released; undefined if the key may be acquired. */
function ownAnswer(
  record: ClaimRecord,
  claim: Of<Claim>,
  now: number,
  isOvertaken: boolean,
): Decision<KeyAnswer> | undefined {
  const running = record.state === 'in_progress';
  const expired = isExpired(record, now);
  // If another key took the group, it may have written after this holder did. So the holder cannot simply continue.
  if (running && record.holder !== null && record.holder === claim.holder && !isOvertaken) {
    const next = expired ? changed(record, lease(claim.ttlSeconds, now)) : undefined;
    return { answer: { outcome: 'acquired', reentrant: true, record: next ?? record, now }, next };
  }
  if (running && !expired) return { answer: { outcome: 'in_progress', record, now } };
  if (record.state === 'failed' && !record.retryable) return { answer: { outcome: 'failed', record, now } };
  if (running && record.onExpired === 'block') return { answer: { outcome: 'unresolved', record, now } };
  if (running && claim.onExpired === 'block') {
    const next = changed(record, { onExpired: 'block' });
    return { answer: { outcome: 'unresolved', record: next, now }, next };
  }
  const maxAttempts = claim.maxAttempts ?? record.maxAttempts;
  if (attemptsUsedUp(record, maxAttempts)) {
    const next = maxAttempts === record.maxAttempts ? undefined : changed(record, { maxAttempts });
    return { answer: { outcome: 'exhausted', record: next ?? record, now }, next };
  }
  return undefined;
}

/** Gives a new lease, on a new record or on one that may be claimed (`previous`). All older leases are lost. */
function acquire(previous: Stored, claim: Of<Claim>, moment: Moment): Decision<KeyAnswer> {
  const { now } = moment;
  // A release also gives up what the key was claimed for. So a wrong fingerprint or group can be corrected with it.
  const kept = previous?.state === 'released' ? undefined : previous;
  const next: ClaimRecord = {
    ...NOT_ENDED,
    state: 'in_progress',
    leaseId: moment.leaseId(),
    holder: claim.holder,
    run: claim.run,
    attempt: (previous?.attempt ?? 0) + 1,
    attemptsReleased: previous?.attemptsReleased ?? 0,
    version: (previous?.version ?? 0) + 1,
    fence: moment.fence(),
    epoch: previous?.epoch ?? 0,
    retentionSeconds: claim.retentionSeconds ?? LIMITS.retentionSeconds.default,
    // A run that died under `block` is never taken over, so that no stored `block` is lost here.
    onExpired: claim.onExpired ?? 'retry',
    maxAttempts: claim.maxAttempts ?? previous?.maxAttempts ?? null,
    fingerprint: kept?.fingerprint ?? claim.fingerprint,
    group: (kept ?? claim).group,
    sequence: (kept ?? claim).sequence,
    metadata: claim.metadata ?? previous?.metadata ?? null,
    origin: claim.origin ?? null,
    firstSeenAt: previous?.firstSeenAt ?? now,
    claimedAt: now,
    doneAt: null,
    ...lease(claim.ttlSeconds, now),
  };
  return { answer: { outcome: 'acquired', reentrant: false, record: next, now }, next };
}

/**
 * Completes the key, also after the same lease failed it. A second completion changes nothing, so the first result remains. With
 * `rejectEmpty`, an empty result fails the key instead, and the next claim may try again.
 */
export function completeKey(
  stored: Stored,
  command: Of<Complete>,
  { now }: Now,
  group?: GroupRecord,
): Decision<FinishOutcome> {
  return unlessOvertaken(stored, command, now, group, (record) => {
    const rejected = command.rejectEmpty && command.resultEmpty;
    if (record.state === 'completed' || (rejected && record.rejectedEmpty)) return unchanged(record, now);
    if (rejected) {
      return ended(record, now, {
        state: 'failed',
        errorCode: EMPTY_OUTPUT,
        retryable: true,
        rejectedEmpty: true,
      });
    }
    return ended(record, now, { state: 'completed', result: command.result, resultHash: command.resultHash });
  });
}

/** Fails the key. A second failure with the same lease changes nothing. */
export function failKey(
  stored: Stored,
  command: Pick<Fail, 'key' | 'leaseId' | 'errorCode' | 'retryable' | 'noEffect'>,
  { now }: Now,
  group?: GroupRecord,
): Decision<FinishOutcome> {
  return withLease(stored, command, now, group, (record) => {
    if (record.state === 'failed') return unchanged(record, now);
    if (record.state === 'completed') return refused('already_finished', record);
    const { errorCode, retryable, noEffect } = command;
    return ended(record, now, {
      state: 'failed',
      errorCode,
      retryable,
      epoch: record.epoch + (noEffect ? 1 : 0),
    });
  });
}

/** Makes the lease end `ttlSeconds` from now, also if it has expired and nobody took the key over. */
export function extendKey(
  stored: Stored,
  command: Of<Extend>,
  { now }: Now,
  group?: GroupRecord,
): Decision<FinishOutcome> {
  return unlessOvertaken(stored, command, now, group, (record) => {
    if (record.state !== 'in_progress') return refused('already_finished', record);
    return done(changed(record, lease(command.ttlSeconds ?? record.ttlSeconds, now)), now);
  });
}

/** Releases the key. The record remains, and anyone may claim it. */
export function cancelKey(
  stored: Stored,
  command: Of<Cancel>,
  { now }: Now,
  group?: GroupRecord,
): Decision<FinishOutcome> {
  const record = present(stored, now);
  if (record?.state === 'released' && record.leaseId === command.leaseId) return unchanged(record, now);
  return withLease(stored, command, now, group, (current) =>
    current.state === 'in_progress'
      ? ended(current, now, released(current))
      : refused('already_finished', current),
  );
}

/**
 * Applies a person's decision, but only to the version of the record that the person saw. The lease that a run may still have is
 * lost with it.
 */
export function resolveKey(
  stored: Stored,
  command: Of<Resolve>,
  moment: Pick<Moment, 'now' | 'leaseId'>,
  group?: GroupRecord,
): Decision<ResolveOutcome> {
  const { now } = moment;
  const record = present(stored, now);
  if (record === undefined || record.state === 'released') return { answer: { outcome: 'not_found' } };
  if (record.version !== command.version) return { answer: { outcome: 'changed', version: record.version } };
  const decision = ended(record, now, { ...endByPerson(record, command), leaseId: moment.leaseId() });
  return withGroup(decision, group, command.key, now);
}

function endByPerson(record: ClaimRecord, { to, result, reason, retryable }: Of<Resolve>): End {
  switch (to) {
    case 'completed':
      return { state: 'completed', result };
    case 'failed':
      return { state: 'failed', errorCode: reason ?? FAILED_BY_OPERATOR, retryable };
    case 'released':
      return released(record);
  }
}

/** What a reader sees. A released key is not found. */
export function readKey(stored: Stored, now: number): ReadOutcome {
  const record = present(stored, now);
  return record === undefined || record.state === 'released'
    ? { outcome: 'not_found' }
    : { outcome: 'found', record, now };
}

/** Calls `decide` if this is the current lease of the key. A released key has none. */
function withLease(
  stored: Stored,
  { key, leaseId }: { readonly key: string; readonly leaseId: string },
  now: number,
  group: GroupRecord | undefined,
  decide: (record: ClaimRecord) => Decision<FinishOutcome>,
): Decision<FinishOutcome> {
  const record = present(stored, now);
  if (record === undefined) return { answer: { outcome: 'not_found' } };
  if (record.leaseId !== leaseId || record.state === 'released') return refused('lease_lost', record);
  return withGroup(decide(record), group, key, now);
}

/** Like `withLease`, but changes nothing if another key took the group meanwhile, because that one may have written after this. */
function unlessOvertaken(
  stored: Stored,
  command: { readonly key: string; readonly leaseId: string },
  now: number,
  group: GroupRecord | undefined,
  decide: (record: ClaimRecord) => Decision<FinishOutcome>,
): Decision<FinishOutcome> {
  return withLease(stored, command, now, group, (record) => {
    const decision = decide(record);
    return decision.next !== undefined && isOvertaken(presentGroup(group, now), command.key)
      ? { answer: { outcome: 'lease_lost', state: record.state, busy: 'group' } }
      : decision;
  });
}

/** Adds to a decision what it changes in the group of the key. */
function withGroup<Answer>(
  decision: Decision<Answer>,
  stored: GroupRecord | undefined,
  key: string,
  now: number,
): Decision<Answer> {
  const { next } = decision;
  const group = presentGroup(stored, now);
  return next === undefined || group === undefined
    ? decision
    : { ...decision, nextGroup: followed(group, key, next, now) };
}

type End = Partial<ClaimRecord> & { readonly state: 'completed' | 'failed' | 'released' };

/** What every end overwrites, so that nothing from an earlier end remains. */
const NOT_ENDED = {
  result: null,
  resultHash: null,
  errorCode: null,
  retryable: false,
  rejectedEmpty: false,
} as const;

const ended = (record: ClaimRecord, now: number, end: End) =>
  done(changed(record, { ...NOT_ENDED, ...end, doneAt: now }), now);

/** After a release, attempts are counted from zero for `maxAttempts`. */
const released = (record: ClaimRecord): End => ({ state: 'released', attemptsReleased: record.attempt });

/** A lease that starts now. Its death is not reported yet. */
const lease = (ttlSeconds: number, now: number) => ({
  ttlSeconds,
  expiresAt: now + ttlSeconds * 1_000,
  deathReported: false,
});

const changed = (record: ClaimRecord, changes: Partial<ClaimRecord>): ClaimRecord => ({
  ...record,
  ...changes,
  version: record.version + 1,
});

const done = (next: ClaimRecord, now: number) =>
  ({ answer: { outcome: 'done', record: next, now }, next }) as const;

const unchanged = (record: ClaimRecord, now: number) =>
  ({ answer: { outcome: 'done', record, now } }) as const;

const refused = (outcome: 'lease_lost' | 'already_finished', { state }: ClaimRecord) =>
  ({ answer: { outcome, state } }) as const;
