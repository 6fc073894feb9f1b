import type { ReadOutcome } from './commands.ts';

/** One that waits for a key. */
export interface Waiter {
  /**
   * Resolves with what was read of the key since the last call, or with the next reading, which begins after `lookInMs` at
   * the latest; with null where `leftMs` pass without one. Rejects where the reading failed.
   */
  seen(leftMs: number, lookInMs: number): Promise<ReadOutcome | null>;
  /** Ends the wait. */
  readonly leave: () => void;
}

/** Looks at one key for all that wait for it: a thousand of them are one read, not a thousand. */
export interface Lookout {
  join(): Waiter;
  lookNow(): void;
  /** Nothing is looked at any more. */
  end(): void;
  isEmpty(): boolean;
}

/** Looks every `everyMs` for as long as somebody waits, and never twice at a time. */
export function createLookout(look: () => Promise<ReadOutcome>, everyMs: number): Lookout {
  const waiters = new Set<(seen: Promise<ReadOutcome> | null) => void>();
  let looking = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  /** What changes while a look is under way may not be in it. */
  function lookNow(): void {
    if (waiters.size === 0) return;
    if (looking) {
      again = true;
      return;
    }
    clearTimeout(timer);
    looking = true;
    const seen = look();
    const looked = (): void => {
      looking = false;
      for (const tell of [...waiters]) tell(seen);
      if (again) {
        again = false;
        lookNow();
      } else rest();
    };
    seen.then(looked, looked);
  }

  function rest(): void {
    clearTimeout(timer);
    if (waiters.size > 0) timer = setTimeout(lookNow, everyMs);
  }

  return {
    join() {
      let latest: Promise<ReadOutcome> | null = null;
      let left = false;
      let heard: (() => void) | undefined;
      const tell = (seen: Promise<ReadOutcome> | null): void => {
        latest = seen;
        heard?.();
      };
      const leave = (): void => {
        left = true;
        waiters.delete(tell);
        if (waiters.size === 0) clearTimeout(timer);
        heard?.();
      };
      waiters.add(tell);
      if (waiters.size === 1 && !looking) rest();
      return {
        async seen(leftMs, lookInMs) {
          if (latest === null && !left) {
            const timers: NodeJS.Timeout[] = [];
            await new Promise<void>((resolve) => {
              timers.push(setTimeout(resolve, leftMs), setTimeout(lookNow, lookInMs));
              heard = resolve;
            });
            timers.forEach(clearTimeout);
            heard = undefined;
          }
          const seen = latest;
          latest = null;
          return seen;
        },
        leave,
      };
    },
    lookNow,
    end() {
      clearTimeout(timer);
      for (const tell of waiters) tell(null);
    },
    isEmpty: () => waiters.size === 0,
  };
}
