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

/** `onHeld` is called whenever something is held anew: it sees to it that it is written. */
export function createEventBuffer(onHeld: () => void): EventBuffer {
  let held: NewEvent[] = [];
  return {
    get size() {
      return held.length;
    },
    collect(events) {
      if (events.length === 0 || held.length + events.length > HELD_EVENTS) return;
      held = held.concat(events);
      onHeld();
    },
    take: (limit) => held.splice(0, limit),
    giveBack(events) {
      held = [...events, ...held];
      if (held.length > 0) onHeld();
    },
  };
}
