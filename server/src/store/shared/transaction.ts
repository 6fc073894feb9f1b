import type { KeyEvent } from '../../claims/events.ts';
import type { GroupRecord } from '../../claims/group.ts';
import type { Moment } from '../../claims/life.ts';
import type { LockRecord } from '../../claims/lock.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import type { AnswerOf, CallName, RequestOf } from './requests.ts';

/** A handler for each kind of request, in a transaction of type `Tx`. */
export type Handlers<Tx> = {
  readonly [K in CallName]: (tx: Tx, request: RequestOf<K>) => AnswerOf<K>;
};

/** What the commands of one batch share: the time, the counters, and the events. */
export interface Transaction {
  readonly moment: Moment;
  readonly usage: UsageCounters;
  readonly events: NewEvent[];
  /**
   * Must be called with each end of a lease or of a record's time on which an answer depends. If such an end has just been reached,
   * the transaction stores its time. So a clock that is set back later, even during a restart, cannot undo the answer.
   */
  dependsOn(endsAt: number): void;
}

export type UsageKind = 'ai' | 'make';

/** The counters of this month, in one transaction. */
export interface UsageCounters {
  /** Adds one, and returns the count of the month. */
  add(tenant: number, kind: UsageKind): number;
  count(tenant: number, kind: UsageKind): number;
}

/** An event that is not stored yet. */
export type NewEvent = Omit<KeyEvent, 'id'> & { readonly tenant: number };

/** The names of tenants, and the small numbers by which a store refers to them. */
export interface Tenants {
  /** Undefined if nothing was ever stored for this name. */
  find(name: string): number | undefined;
  /** The number of the name, created on first use. */
  ensure(name: string): number;
}

/** The records as a transaction sees them, including those that have expired but are not swept yet. */
export interface ClaimRows {
  get(tenant: number, key: string): ClaimRecord | undefined;
  put(tenant: number, key: string, record: ClaimRecord): void;
  /** Up to `limit` keys after `after` that the run holds. Keys that it has just ended may still be among them. */
  keysOfRun(tenant: number, run: string, after: string, limit: number): readonly string[];
}

/** The locks of check-lock as a transaction sees them, including those that have expired but are not swept yet. */
export interface LockRows {
  get(tenant: number, key: string): LockRecord | undefined;
  put(tenant: number, key: string, lock: LockRecord): void;
}

/** The groups as a transaction sees them, including those that have expired but are not swept yet. */
export interface GroupRows {
  get(tenant: number, name: string): GroupRecord | undefined;
  put(tenant: number, name: string, group: GroupRecord): void;
}
