import type { ReadOutcome } from './commands.ts';

/** A claim that waits for a key. */
export interface Waiter {
  /**
   * Resolves with the latest read since the last call, or with the next one, which begins within `pollInMs`. Resolves with
   * null after `timeoutMs`, or when the wait ends. Rejects if the read failed.
   */
  nextRead(timeoutMs: number, pollInMs: number): Promise<ReadOutcome | null>;
  /** Ends the wait. */
  readonly leave: () => void;
}

/** Reads one key for all claims that wait for it, so that a thousand of them cost one read. */
export interface KeyPoller {
  join(): Waiter;
  pollNow(): void;
  /** Stops polling, and ends all waits. */
  stop(): void;
  isEmpty(): boolean;
}

/** Polls every `everyMs` while somebody waits, one read at a time. */
export function createKeyPoller(read: () => Promise<ReadOutcome>, everyMs: number): KeyPoller {
  const waiters = new Set<(reading: Promise<ReadOutcome> | null) => void>();
  let isReading = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  /** A read that is under way may miss the change, so another one follows it. */
  function pollNow(): void {
    if (waiters.size === 0) return;
    if (isReading) {
      again = true;
      return;
    }
    clearTimeout(timer);
    isReading = true;
    const reading = read();
    const done = (): void => {
      isReading = false;
      for (const notify of [...waiters]) notify(reading);
      if (again) {
        again = false;
        pollNow();
      } else schedule();
    };
    reading.then(done, done);
  }

  function schedule(): void {
    clearTimeout(timer);
    if (waiters.size > 0) timer = setTimeout(pollNow, everyMs);
  }

  return {
    join() {
      let latest: Promise<ReadOutcome> | null = null;
      let hasLeft = false;
      let wake: (() => void) | undefined;
      const notify = (reading: Promise<ReadOutcome> | null): void => {
        latest = reading;
        wake?.();
      };
      const leave = (): void => {
        hasLeft = true;
        waiters.delete(notify);
        if (waiters.size === 0) clearTimeout(timer);
        wake?.();
      };
      waiters.add(notify);
      if (waiters.size === 1 && !isReading) schedule();
      return {
        async nextRead(timeoutMs, pollInMs) {
          if (latest === null && !hasLeft) {
            const timers: NodeJS.Timeout[] = [];
            await new Promise<void>((resolve) => {
              timers.push(setTimeout(resolve, timeoutMs), setTimeout(pollNow, pollInMs));
              wake = resolve;
            });
            timers.forEach(clearTimeout);
            wake = undefined;
          }
          const reading = latest;
          latest = null;
          return reading;
        },
        leave,
      };
    },
    pollNow,
    stop() {
      clearTimeout(timer);
      for (const notify of waiters) notify(null);
    },
    isEmpty: () => waiters.size === 0,
  };
}
