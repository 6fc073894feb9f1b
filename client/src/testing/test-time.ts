import type { Time } from '../time.ts';

export interface TestTime extends Time {
  /** Moves time on, and runs what falls due meanwhile. */
  advance(ms: number): Promise<void>;
}

/** Kept here, since a test may replace the global one by a fake timer. */
const { setTimeout } = globalThis;

/** Time that only `advance` moves. Pauses between retries end at once, and move it on. */
export function createTestTime(startAt: number): TestTime {
  let now = startAt;
  const due = new Set<{ readonly at: number; readonly wake: () => void }>();

  /** Lets everything that can run now run. */
  async function settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  return {
    now: () => now,
    random: () => 0,
    sleep(ms, signal) {
      if (signal === undefined) {
        now += ms;
        return Promise.resolve();
      }
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          due.delete(sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { at: now + ms, wake };
        due.add(sleeper);
        signal.addEventListener('abort', wake);
      });
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = Math.max(now, until);
      await settle();
    },
  };
}
