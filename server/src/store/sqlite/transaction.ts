import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Moment } from '../../claims/life.ts';
import type { NewEvent } from './event-table.ts';
import { prepareUsage, type UsageCounters } from './usage.ts';

/** What the commands of one batch share: the time, the counters, and what is to be told afterwards. */
export interface Transaction {
  readonly moment: Moment;
  readonly usage: UsageCounters;
  readonly events: NewEvent[];
  /**
   * To be called with the ends that an answer depends on. One that time has newly reached makes this transaction keep
   * its time, so that a clock that is set back later, also across a restart, cannot undo what was answered.
   */
  saw(endsAt: number): void;
  /** Keeps this transaction's time in any case. */
  keepTime(): void;
  /** Writes the counters and, if anything was changed, the time. */
  finish(): void;
}

/**
 * Opens the shared part of a transaction that was begun. Its time is `clockNow`, but never before the time kept in the
 * file or that of an earlier transaction here.
 */
export function prepareTransactions(db: DatabaseSync): (clockNow: number) => Transaction {
  const read = db.prepare('SELECT fence, now, total_changes() AS changes FROM meta');
  const write = db.prepare('UPDATE meta SET fence = ?, now = ?');
  const countUsage = prepareUsage(db);
  let latest = 0;

  return (clockNow) => {
    const kept = read.get() as { fence: number; now: number; changes: number };
    const now = Math.max(clockNow, kept.now, latest);
    latest = now;
    let { fence } = kept;
    let timeIsKept = false;
    const usage = countUsage(now);
    return {
      moment: { now, leaseId: randomUUID, fence: () => (fence += 1) },
      usage,
      events: [],
      saw(endsAt) {
        if (endsAt > kept.now && endsAt <= now) timeIsKept = true;
      },
      keepTime: () => void (timeIsKept = true),
      finish() {
        usage.write();
        const { changes } = read.get() as { changes: number };
        if (timeIsKept || changes !== kept.changes) write.run(fence, now);
      },
    };
  };
}
