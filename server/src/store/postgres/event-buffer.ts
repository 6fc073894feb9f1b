import type { NewEvent } from '../shared/transaction.ts';

/** Events of committed batches that are still to be written, so that no claim waits for its own. */
export interface EventBuffer {
  readonly size: number;
  /** Those beyond the bound are dropped. */
  collect(events: readonly NewEvent[]): void;
  /** Up to `limit`, the oldest first. To be called under the lock of all that write events, so that order is kept. */
  take(limit: number): readonly NewEvent[];
  /** Back to the front: they were not written. */
  giveBack(events: readonly NewEvent[]): void;
}

const HELD_EVENTS = 100_000;

export function createEventBuffer(onFirst: () => void): EventBuffer {
  let held: NewEvent[] = [];
  return {
    get size() {
      return held.length;
    },
    collect(events) {
      if (events.length === 0 || held.length + events.length > HELD_EVENTS) return;
      const first = held.length === 0;
      held = held.concat(events);
      if (first) onFirst();
    },
    take: (limit) => held.splice(0, limit),
    giveBack: (events) => void (held = [...events, ...held]),
  };
}
