import type { Sequence } from '@onceonly/shared/sequence.ts';
import type { ClaimRecord, ClaimState, OnExpired } from './record.ts';

/** Every command names one key of one tenant; a tenant never sees another's. */
interface Addressed {
  /** The tenant's name. */
  readonly tenant: string;
  readonly key: string;
}

/** A command without its `kind`, where a method's or function's name says it. */
export type Of<C> = Omit<C, 'kind'>;

export interface Claim extends Addressed {
  readonly kind: 'claim';
  readonly holder: string | null;
  readonly run: string | null;
  readonly ttlSeconds: number;
  /** Null: the default at a new claim. */
  readonly retentionSeconds: number | null;
  /** Null: not said, which counts as `retry` at a new claim and lifts no stored `block`. */
  readonly onExpired: OnExpired | null;
  readonly maxAttempts: number | null;
  readonly fingerprint: string | null;
  /** Null: not said, which counts as the record's. */
  readonly group: string | null;
  /** In the group; null: none. */
  readonly sequence: Sequence | null;
  readonly metadata: string | null;
  /** Where its run is, for people: the JSON text of an `Origin`. */
  readonly origin?: string | null;
  /** It asks again later where another run is at work. Until then it is not stopped, so it is no `duplicate` in the events. */
  readonly triesAgain?: boolean;
  /** Its run goes on whatever the answer is: what would have stopped it is the event `watched`. */
  readonly watch?: boolean;
}

/** A claim without an end (check-lock): first seen, or a duplicate, until its ttl has passed. A space of keys of its own. */
export interface Lock extends Addressed {
  readonly kind: 'lock';
  readonly holder: string | null;
  readonly ttlSeconds: number;
  readonly metadata: string | null;
  /** As a claim's. */
  readonly origin?: string | null;
}

export interface Complete extends Addressed {
  readonly kind: 'complete';
  readonly leaseId: string;
  readonly result: string | null;
  readonly resultHash: string | null;
  /** An empty result is to fail the key; `resultEmpty` says whether it is one. */
  readonly rejectEmpty: boolean;
  readonly resultEmpty: boolean;
}

export interface Fail extends Addressed {
  readonly kind: 'fail';
  readonly leaseId: string;
  readonly errorCode: string;
  readonly retryable: boolean;
  /** The provider certainly did nothing: the next attempt gets another idempotency key. */
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
  /** Null: the record's. */
  readonly ttlSeconds: number | null;
}

export interface Cancel extends Addressed {
  readonly kind: 'cancel';
  readonly leaseId: string;
  readonly reason: string | null;
}

/** A person's word on a key. */
export interface Resolve extends Addressed {
  readonly kind: 'resolve';
  /** The record's version that the person saw. */
  readonly version: number;
  readonly to: 'completed' | 'failed' | 'released';
  readonly result: string | null;
  readonly retryable: boolean;
  readonly reason: string | null;
  /** Who decided, for the audit: the API key's id. */
  readonly by: string;
}

/** A person forgets what is completed in a group. */
export interface ClearMark {
  readonly kind: 'clearMark';
  readonly tenant: string;
  readonly group: string;
}

export interface Read extends Addressed {
  readonly kind: 'read';
}

/** An answer about a record, with the store's time at which it was true. */
interface Seen {
  readonly record: ClaimRecord;
  readonly now: number;
}

/** What the key's own life says to a claim. */
export type KeyAnswer = Seen &
  (
    | { readonly outcome: 'acquired'; readonly reentrant: boolean }
    | { readonly outcome: 'in_progress' }
    | { readonly outcome: 'completed' | 'failed' | 'unresolved' | 'exhausted' }
    | { readonly outcome: 'fingerprint_mismatch' }
  );

/** What its group says to a claim: nothing was changed. */
export type GroupAnswer = { readonly now: number } & (
  | {
      /** Another key of the group, `by`, is at work, or waits for a person (`until` is null). */
      readonly outcome: 'busy';
      readonly by: string;
      readonly until: number | null;
      /** When the group was taken. */
      readonly since: number;
      /** The other key is of the very run that asks: it would wait for itself. */
      readonly ofSameRun: boolean;
    }
  /** A newer change is completed. */
  | { readonly outcome: 'stale'; readonly mark: Sequence }
  /** The key has another group or sequence; the sequence is a date more than a day ahead. */
  | { readonly outcome: 'group_mismatch' | 'sequence_ahead' }
  /** A number where dates are used, or the other way round. */
  | { readonly outcome: 'sequence_kind'; readonly known: Sequence }
);

export type ClaimAnswer = KeyAnswer | GroupAnswer;

/** `usage`: the leases that the tenant acquired this month (UTC), this one included. */
export type ClaimOutcome = ClaimAnswer & { readonly usage: number };

export interface LockOutcome {
  readonly outcome: 'locked' | 'duplicate';
  readonly ttlSeconds: number;
  readonly firstSeenAt: number;
  readonly expiresAt: number;
  readonly now: number;
}

/**
 * Why a finish changed nothing. `state` is the record's own. `busy`: nobody took the key since, but another key took its
 * group.
 */
export type Refused =
  | { readonly outcome: 'not_found' }
  | {
      readonly outcome: 'lease_lost' | 'already_finished';
      readonly state: ClaimState;
      readonly busy?: 'group';
    };

/** `done`: the record is as asked for, now or since an earlier call of the same lease. */
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

/** `mark`: what it was; null where nothing was completed. */
export type ClearMarkOutcome =
  { readonly outcome: 'done'; readonly mark: Sequence | null } | { readonly outcome: 'not_found' };
