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
 * The key's life: what each command does to a record, as pure functions. A store loads the record, asks here, and writes
 * `next` in the same transaction. A claim, with what time does to it:
 *
 *     claimedAt            expiresAt                       forgetAt
 *     ├──── in progress ───┼── may be taken over, or ──────┤ no record
 *     │     (lease live)   │   unresolved where `block`    │
 *     └─ completed/failed/released at doneAt ── retention ─┤ no record
 */
export interface Decision<Answer, Next = ClaimRecord> {
  readonly answer: Answer;
  /** The record to write; absent where nothing changes. */
  readonly next?: Next | undefined;
  /** The record of the key's group to write; absent where it stays as it is. */
  readonly nextGroup?: GroupRecord | undefined;
}

/** What a decision needs besides the record: the store's time, and what only a store can hand out. */
export interface Moment {
  /** The store's time, epoch milliseconds. */
  readonly now: number;
  /** A new lease id, never given out before. */
  leaseId(): string;
  /** The next number of the store's fence counter. */
  fence(): number;
}

type Stored = ClaimRecord | undefined;
type Now = Pick<Moment, 'now'>;

/** The error code of a completion that was refused for its empty result. */
export const EMPTY_OUTPUT = 'empty_output';

/** The error code of a key that a person failed without giving a reason. */
export const FAILED_BY_OPERATOR = 'failed_by_operator';

/**
 * The group that a command is about: the key's, and of a claim the one that it names where the key has none yet. Null: none.
 */
export function groupOf(stored: Stored, claim: Pick<Of<Claim>, 'group'> | null, now: number): string | null {
  const record = present(stored, now);
  return record === undefined || (claim !== null && record.state === 'released')
    ? (claim?.group ?? null)
    : record.group;
}

/** A claim of a key. The rows are in the order of the contract's table: the first that fits decides. */
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

/** Whether both are known, and not the same. */
const differs = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other;

/** A claim that names no group counts as naming the record's. */
const isOfAnother = (record: ClaimRecord, { group, sequence }: Of<Claim>): boolean =>
  group !== null && (group !== record.group || sequence !== record.sequence);

/** What a record that is not released says by itself; undefined where it may be claimed. */
function ownAnswer(
  record: ClaimRecord,
  claim: Of<Claim>,
  now: number,
  isOvertaken: boolean,
): Decision<KeyAnswer> | undefined {
  const running = record.state === 'in_progress';
  const expired = isExpired(record, now);
  // Its holder may have written before another key of the group did: what it wrote is no longer the last word.
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

/** A new lease, on a new record or on one that may be claimed (`previous`). Every older lease is dead. */
function acquire(previous: Stored, claim: Of<Claim>, moment: Moment): Decision<KeyAnswer> {
  const { now } = moment;
  // A release gives up what the key was claimed for as well: neither a wrong fingerprint nor a wrong group outlives it.
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
 * Completes the key, also after a failure of the same lease; a second completion changes nothing: the first result
 * stands. With `rejectEmpty`, an empty result fails the key instead, and the next claim may try again.
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

/** Fails the key. The first failure of a lease stands. */
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

/** The lease ends `ttlSeconds` from now, also where it has expired and nobody took over. */
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

/** Gives the key up. The record stays, released, and anyone may claim it. */
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
 * A person's decision. It holds for the version of the record that they saw, and changes no other. The lease in hand
 * dies with it.
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

/** What a reader sees: a released key is as good as none. */
export function readKey(stored: Stored, now: number): ReadOutcome {
  const record = present(stored, now);
  return record === undefined || record.state === 'released'
    ? { outcome: 'not_found' }
    : { outcome: 'found', record, now };
}

/** Asks `decide` for the holder of the current lease; a released key has none. */
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

/** As `withLease`, but where another key took the group since, nothing is changed: it may have written after this one. */
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

/** The decision, and what it does to the key's group. */
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

/** What every end overwrites, so that nothing of an earlier one shows through. */
const NOT_ENDED = {
  result: null,
  resultHash: null,
  errorCode: null,
  retryable: false,
  rejectedEmpty: false,
} as const;

const ended = (record: ClaimRecord, now: number, end: End) =>
  done(changed(record, { ...NOT_ENDED, ...end, doneAt: now }), now);

/** A released key counts its attempts anew. */
const released = (record: ClaimRecord): End => ({ state: 'released', attemptsReleased: record.attempt });

/** A lease from now on. Nobody has been told that its run died. */
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
