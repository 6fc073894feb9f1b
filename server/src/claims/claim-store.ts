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
 * Claims on one database. They are atomic and linearizable per (tenant, key) and per group: every answer, including refusals and
 * reads, is given only after everything that it depends on is committed. The store has its own time, which never goes back.
 *
 * Outcomes are values. A method rejects only with `StoreUnavailable`. Then either nothing changed, or it is not known whether the
 * change was committed. In both cases the same call may be sent again.
 */
export interface ClaimStore {
  claim(claim: Of<Claim>): Promise<ClaimOutcome>;
  lock(lock: Of<Lock>): Promise<LockOutcome>;
  complete(complete: Of<Complete>): Promise<FinishOutcome>;
  fail(fail: Of<Fail>): Promise<FinishOutcome>;
  /**
   * Works key by key, in short steps. If it rejects, some keys may already be failed, and the same call continues with the
   * others.
   */
  failRun(fail: Of<FailRun>): Promise<FailRunOutcome>;
  extend(extend: Of<Extend>): Promise<FinishOutcome>;
  cancel(cancel: Of<Cancel>): Promise<FinishOutcome>;
  resolve(resolve: Of<Resolve>): Promise<ResolveOutcome>;
  read(read: Of<Read>): Promise<ReadOutcome>;
  clearMark(clear: Of<ClearMark>): Promise<ClearMarkOutcome>;
  list(query: ListQuery): Promise<KeyPage>;
  usage(tenant: string): Promise<Usage>;
  /**
   * Reports up to `limit` runs that died, which means that their lease ended before their work did. Each is reported once, by the
   * first of the servers that share the store. The event and its deliveries to hooks are written durably. Returns how many.
   */
  reportDeaths(limit: number): Promise<number>;
  /**
   * Deletes up to `limit` records, groups, locks, events and deliveries that have expired, and returns how many. A record is
   * not deleted before its death was reported. It works in short steps. Only one of the servers that share a store sweeps at a
   * time; the others return 0.
   */
  sweep(limit: number): Promise<number>;
}

export interface ListQuery {
  readonly tenant: string;
  readonly prefix: string;
  readonly status: ClaimState | 'unresolved' | 'died' | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Without an order. A page may be short, or repeat a key. `cursor` is null on the last page. */
export interface KeyPage {
  readonly items: readonly { readonly key: string; readonly record: ClaimRecord }[];
  readonly cursor: string | null;
  readonly now: number;
}

/** What counts towards the plan since the month began (UTC). `ai` counts acquired leases, `make` counts new locks. */
export interface Usage {
  readonly ai: number;
  readonly make: number;
  /** The month, such as `2026-11`. */
  readonly month: string;
}

/** The store did not answer, or could not do it: it is full, read-only, gone, or was busy for too long. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
