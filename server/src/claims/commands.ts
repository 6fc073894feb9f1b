import type { Sequence } from '@onceonly/shared/sequence.ts';
import type { ClaimRecord, ClaimState, OnExpired } from './record.ts';

/** A command names one key of one tenant. Tenants never see each other's keys. */
interface Addressed {
  /** The tenant's name. */
  readonly tenant: string;
  readonly key: string;
}

/** A command without its `kind`, for methods and functions whose name already says it. */
export type Of<C> = Omit<C, 'kind'>;

export interface Claim extends Addressed {
  readonly kind: 'claim';
  readonly holder: string | null;
  readonly run: string | null;
  readonly ttlSeconds: number;
  /** Null: the default. */
  readonly retentionSeconds: number | null;
  /** Null: not given. A new record then has `retry`, and an existing record keeps its `block`. */
  readonly onExpired: OnExpired | null;
  readonly maxAttempts: number | null;
  readonly fingerprint: string | null;
  /** Null: not given; the group of the record, if there is one. */
  readonly group: string | null;
  /** Its position in the group; null: none. */
  readonly sequence: Sequence | null;
  readonly metadata: string | null;
  /** Tells people where the run is: an `Origin` as JSON. */
  readonly origin?: string | null;
  /** If another run has the key, the caller will claim again later. It is not stopped yet, so no `duplicate` event is written. */
  readonly triesAgain?: boolean;
  /** The run continues whatever the answer is. If the answer would have stopped it, the event is `watched`. */
  readonly watch?: boolean;
}

/**
 * The lock of check-lock. Nobody completes it: the first caller gets it, and later ones are duplicates until its ttl has
 * passed. Its keys are separate from those of claims.
 */
export interface Lock extends Addressed {
  readonly kind: 'lock';
  readonly holder: string | null;
  readonly ttlSeconds: number;
  readonly metadata: string | null;
  /** As in `Claim`. */
  readonly origin?: string | null;
}

export interface Complete extends Addressed {
  readonly kind: 'complete';
  readonly leaseId: string;
  readonly result: string | null;
  readonly resultHash: string | null;
  /** Whether an empty result fails the key. `resultEmpty` says whether the result is empty. */
  readonly rejectEmpty: boolean;
  readonly resultEmpty: boolean;
}

export interface Fail extends Addressed {
  readonly kind: 'fail';
  readonly leaseId: string;
  readonly errorCode: string;
  readonly retryable: boolean;
  /** It is certain that the provider did nothing. The next attempt then gets a new idempotency key. */
  readonly noEffect: boolean;
}

/** Fails every key that a run still holds. */
export interface FailRun {
  readonly kind: 'failRun';
  readonly tenant: string;
  readonly run: string;
  readonly errorCode: string;
  readonly retryable: boolean;
  readonly noEffect: boolean;
}

export interface Extend extends Addressed {
  readonly kind: 'extend';
  readonly leaseId: string;
  /** Null: the ttl of the record. */
  readonly ttlSeconds: number | null;
}

export interface Cancel extends Addressed {
  readonly kind: 'cancel';
  readonly leaseId: string;
  readonly reason: string | null;
}

/** A person decides the outcome of a key. */
export interface Resolve extends Addressed {
  readonly kind: 'resolve';
  /** The version of the record that the person saw. */
  readonly version: number;
  readonly to: 'completed' | 'failed' | 'released';
  readonly result: string | null;
  readonly retryable: boolean;
  readonly reason: string | null;
  /** Who decided, for the audit: the id of the API key. */
  readonly by: string;
}

/** A person clears the mark of a group, so that older changes may be made again. */
export interface ClearMark {
  readonly kind: 'clearMark';
  readonly tenant: string;
  readonly group: string;
}

export interface Read extends Addressed {
  readonly kind: 'read';
}

/** A record, and the store's time at which it was so. */
interface Seen {
  readonly record: ClaimRecord;
  readonly now: number;
}

/** The answers to a claim that come from the record of its key. */
export type KeyAnswer = Seen &
  (
    | { readonly outcome: 'acquired'; readonly reentrant: boolean }
    | { readonly outcome: 'in_progress' }
    | { readonly outcome: 'completed' | 'failed' | 'unresolved' | 'exhausted' }
    | { readonly outcome: 'fingerprint_mismatch' }
  );

/** The answers to a claim that come from its group. Nothing was changed. */
export type GroupAnswer = { readonly now: number } & (
  | {
      /** Another key of the group, `by`, has the group, or waits for a person's decision; then `until` is null. */
      readonly outcome: 'busy';
      readonly by: string;
      readonly until: number | null;
      /** When that key took the group. */
      readonly since: number;
      /** The run that claims is the same that holds the other key, so it would wait for itself. */
      readonly ofSameRun: boolean;
    }
  /** A newer change was completed. */
  | { readonly outcome: 'stale'; readonly mark: Sequence }
  /** `group_mismatch`: the key has another group or sequence. `sequence_ahead`: the sequence is a date more than a day ahead. */
  | { readonly outcome: 'group_mismatch' | 'sequence_ahead' }
  /** A number where the group uses dates, or the other way round. */
  | { readonly outcome: 'sequence_kind'; readonly known: Sequence }
);

export type ClaimAnswer = KeyAnswer | GroupAnswer;

/** `usage`: how many leases the tenant acquired this month (UTC), including this one. */
export type ClaimOutcome = ClaimAnswer & { readonly usage: number };

export interface LockOutcome {
  readonly outcome: 'locked' | 'duplicate';
  readonly ttlSeconds: number;
  readonly firstSeenAt: number;
  readonly expiresAt: number;
  readonly now: number;
}

/**
 * Why a command of a lease changed nothing. `state` is that of the record. `busy`: nobody else took the key, but another key
 * took its group.
 */
export type Refused =
  | { readonly outcome: 'not_found' }
  | {
      readonly outcome: 'lease_lost' | 'already_finished';
      readonly state: ClaimState;
      readonly busy?: 'group';
    };

/** `done`: the record is as the command asks, because of this call or an earlier one with the same lease. */
export type FinishOutcome = (Seen & { readonly outcome: 'done' }) | Refused;

export interface FailRunOutcome {
  readonly outcome: 'done';
  readonly failed: number;
  readonly now: number;
}

export type ResolveOutcome =
  | (Seen & { readonly outcome: 'done' })
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'changed'; readonly version: number };

export type ReadOutcome = (Seen & { readonly outcome: 'found' }) | { readonly outcome: 'not_found' };

/** `mark`: the mark before it was cleared; null if nothing had been completed. */
export type ClearMarkOutcome =
  { readonly outcome: 'done'; readonly mark: Sequence | null } | { readonly outcome: 'not_found' };
