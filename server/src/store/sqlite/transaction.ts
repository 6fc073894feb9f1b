import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Handlers as HandlersIn, Transaction } from '../shared/transaction.ts';
import { prepareUsage } from './usage.ts';

/** What all requests of a transaction share. */
export interface FileTransaction extends Transaction {
  /** Makes `finish` store the time of this transaction, even if nothing else was changed. */
  keepTime(): void;
  /** Writes the counters and, if needed, the time. */
  finish(): void;
}

export type Handlers = HandlersIn<FileTransaction>;

/** How the file was opened. */
export interface Opening {
  /** Whether the clock advances the time of the file. Default: true. False for commands that run beside the server. */
  readonly advancesTime?: boolean;
}

/**
 * Creates the shared part of a transaction that has begun. Its time is `clockNow`, but never earlier than the time stored in the file
 * or that of an earlier transaction of this process.
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
