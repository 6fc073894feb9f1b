import type { DatabaseSync } from 'node:sqlite';
import type { NewEvent } from '../shared/transaction.ts';
import type { WriteEvents } from './event-writer.ts';

/** Events of committed batches that are still to be written, so that no claim waits for its own. */
export interface EventBuffer {
  readonly size: number;
  /** Those beyond the bound are dropped. */
  collect(events: readonly NewEvent[]): void;
  /** What is held, oldest first, for a transaction that writes events itself; `clear` once it is committed. */
  held(): readonly NewEvent[];
  clear(): void;
  /** Writes what is held, with its deliveries, in a transaction of its own. Where that fails, they stay. */
  flush(): void;
}

const HELD_EVENTS = 100_000;

export function createEventBuffer(db: DatabaseSync, write: WriteEvents): EventBuffer {
  let held: NewEvent[] = [];
  return {
    get size() {
      return held.length;
    },
    collect(events) {
      if (held.length + events.length <= HELD_EVENTS) held = held.concat(events);
    },
    held: () => held,
    clear: () => void (held = []),
    flush() {
      if (held.length === 0) return;
      try {
        db.exec('BEGIN IMMEDIATE');
        write(held);
        db.exec('COMMIT');
        held = [];
      } catch {
        if (db.isTransaction) db.exec('ROLLBACK');
      }
    },
  };
}
