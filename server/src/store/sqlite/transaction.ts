import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Handlers as HandlersIn, Transaction } from '../shared/transaction.ts';
import { prepareUsage } from './usage.ts';

/** The shared part of a batch's transaction on the file. */
export interface FileTransaction extends Transaction {
  /** Keeps this transaction's time in any case. */
  keepTime(): void;
  /** Writes the counters and, if anything was changed, the time. */
  finish(): void;
}

export type Handlers = HandlersIn<FileTransaction>;

/** How the file was opened. */
export interface Opening {
  /** Whether the clock moves the file's time on; default true. False for a command that runs beside the server. */
  readonly advancesTime?: boolean;
}

/**
 * Opens the shared part of a transaction that was begun. Its time is `clockNow`, but never before the time kept in the
 * file or that of an earlier transaction here.
 */
export function prepareTransactions(
  db: DatabaseSync,
  { advancesTime = true }: Opening = {},
): (clockNow: number) => FileTransaction {
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
      dependsOn(endsAt) {
        if (endsAt > kept.now && endsAt <= now) timeIsKept = true;
      },
      keepTime: () => void (timeIsKept = true),
      finish() {
        usage.write();
        const { changes } = read.get() as { changes: number };
        if (timeIsKept || changes !== kept.changes) write.run(fence, advancesTime ? now : kept.now);
      },
    };
  };
}
