import type { ClaimRecord } from '../record.ts';

/** What a decision may draw on besides the record: the store's time, and what only a store can hand out. */
export interface Moment {
  /** The store's time, epoch milliseconds. */
  readonly now: number;
  /** A new lease id, never given out before. */
  leaseId(): string;
  /** The next number of the store's fence counter. */
  fence(): number;
}

/** The answer, and the record to be written; without `next` nothing changes. */
export interface Decision<Outcome, Next = ClaimRecord> {
  readonly answer: Outcome;
  readonly next?: Next;
}
