import type { DatabaseSync } from 'node:sqlite';
import type { NewEvent } from '../shared/transaction.ts';
import type { EventWriter } from './event-writer.ts';

/** Holds events of committed batches until they are written, so that no claim waits for its events. */
export interface EventBuffer {
  readonly size: number;
  /** Adds events. They are dropped if too many are held. */
  collect(events: readonly NewEvent[]): void;
  /** The held events, oldest first, for a transaction that writes events itself. Call `clear` after its commit. */
  held(): readonly NewEvent[];
  clear(): void;
  /** Writes the held events in a transaction of its own. If that fails, they are kept. */
  flush(): void;
}

const HELD_EVENTS = 100_000;

export function createEventBuffer(db: DatabaseSync, writer: EventWriter): EventBuffer {
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
        writer.write(held);
        db.exec('COMMIT');
        held = [];
      } catch {
        if (db.isTransaction) db.exec('ROLLBACK');
      }
    },
  };
}
