import type { KeyEvent } from '../../claims/events.ts';
import type { GroupRecord } from '../../claims/group.ts';
import type { Moment } from '../../claims/life.ts';
import type { LockRecord } from '../../claims/lock.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import type { AnswerOf, CallName, RequestOf } from './requests.ts';

/** What answers each kind of request in a transaction of the kind `Tx`. */
export type Handlers<Tx> = {
  readonly [K in CallName]: (tx: Tx, request: RequestOf<K>) => AnswerOf<K>;
};

/** What the commands of one batch share: the time, the counters, and what is to be told afterwards. */
export interface Transaction {
  readonly moment: Moment;
  readonly usage: UsageCounters;
  readonly events: NewEvent[];
  /**
   * To be called with the ends that an answer depends on. One that time has newly reached makes this transaction keep
   * its time, so that a clock that is set back later, also across a restart, cannot undo what was answered.
   */
  dependsOn(endsAt: number): void;
}

export type UsageKind = 'ai' | 'make';

/** The counters of one transaction, of this month. */
export interface UsageCounters {
  /** One more; answers the month's count. */
  add(tenant: number, kind: UsageKind): number;
  count(tenant: number, kind: UsageKind): number;
}

/** An event that is not stored yet. */
export type NewEvent = Omit<KeyEvent, 'id'> & { readonly tenant: number };

/** Tenants' names and their small numbers inside a store. */
export interface Tenants {
  /** Undefined where nothing was ever stored for that name. */
  find(name: string): number | undefined;
  /** The name's number, given out on first use. */
  ensure(name: string): number;
}

/** The records as a transaction sees them, forgotten ones included until they are swept. */
export interface ClaimRows {
  get(tenant: number, key: string): ClaimRecord | undefined;
  put(tenant: number, key: string, record: ClaimRecord): void;
  /** Up to `limit` keys after `after` that the run holds; one that it has just ended may still be among them. */
  keysOfRun(tenant: number, run: string, after: string, limit: number): readonly string[];
}

/** The check-lock keys as a transaction sees them, ended ones included until they are swept. */
export interface LockRows {
  get(tenant: number, key: string): LockRecord | undefined;
  put(tenant: number, key: string, lock: LockRecord): void;
}

/** The groups as a transaction sees them, forgotten ones included until they are swept. */
export interface GroupRows {
  get(tenant: number, name: string): GroupRecord | undefined;
  put(tenant: number, name: string, group: GroupRecord): void;
}
