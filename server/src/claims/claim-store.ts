import type {
  Cancel,
  Claim,
  ClaimOutcome,
  ClearMark,
  ClearMarkOutcome,
  Complete,
  Extend,
  Fail,
  FailRun,
  FailRunOutcome,
  FinishOutcome,
  Lock,
  LockOutcome,
  Of,
  Read,
  ReadOutcome,
  Resolve,
  ResolveOutcome,
} from './commands.ts';
import type { ClaimRecord, ClaimState } from './record.ts';

/**
 * Claims on one database. Atomic and linearizable per (tenant, key), and per group: every answer, refusals and reads included, comes
 * after the commit of all that it saw. Time is the store's own and never goes back.
 *
 * Outcomes are values. A method rejects only with a `StoreUnavailable`: nothing is known to have changed, or the change
 * was not confirmed, and the same call may be sent again.
 */
export interface ClaimStore {
  claim(claim: Of<Claim>): Promise<ClaimOutcome>;
  lock(lock: Of<Lock>): Promise<LockOutcome>;
  complete(complete: Of<Complete>): Promise<FinishOutcome>;
  fail(fail: Of<Fail>): Promise<FinishOutcome>;
  /** Key by key, and in short steps: where it rejects, some may be failed, and the same call goes on with what is left. */
  failRun(fail: Of<FailRun>): Promise<FailRunOutcome>;
  extend(extend: Of<Extend>): Promise<FinishOutcome>;
  cancel(cancel: Of<Cancel>): Promise<FinishOutcome>;
  resolve(resolve: Of<Resolve>): Promise<ResolveOutcome>;
  read(read: Of<Read>): Promise<ReadOutcome>;
  clearMark(clear: Of<ClearMark>): Promise<ClearMarkOutcome>;
  list(query: ListQuery): Promise<KeyPage>;
  usage(tenant: string): Promise<Usage>;
  /**
   * Tells of up to `limit` runs that died: whose lease ended before their work did. Each is told once, by whichever
   * server on the store comes first, durably, with its deliveries to hooks. Answers how many.
   */
  reportDeaths(limit: number): Promise<number>;
  /**
   * Forgets up to `limit` records, groups, locks, events and deliveries whose time has passed; answers how many. No record is
   * forgotten before its death was reported. Done in short steps, and by one server of those that share a store: the others
   * answer 0.
   */
  sweep(limit: number): Promise<number>;
}

export interface ListQuery {
  readonly tenant: string;
  readonly prefix: string;
  readonly status: ClaimState | 'unresolved' | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Unordered; a page may be short, or repeat a key. `cursor` is null after the last one. */
export interface KeyPage {
  readonly items: readonly { readonly key: string; readonly record: ClaimRecord }[];
  readonly cursor: string | null;
  readonly now: number;
}

/** What was charged since the month began (UTC): `ai` counts acquired leases, `make` first-seen locks. */
export interface Usage {
  readonly ai: number;
  readonly make: number;
  /** The month, `2026-11`. */
  readonly month: string;
}

/** The store gave no answer, or refused: full, read-only, gone, or busy for too long. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
