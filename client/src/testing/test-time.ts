import type { Time } from '../time.ts';

export interface TestTime extends Time {
  /** Moves it, and lets whatever falls due on the way happen. */
  advance(ms: number): Promise<void>;
}

/** The machine's own, also where a test puts another one in its place. */
const { setTimeout } = globalThis;

/** Time that stands still but for `advance`; pauses between tries pass at once, and move it. */
export function createTestTime(startAt: number): TestTime {
  let now = startAt;
  const due = new Set<{ readonly at: number; readonly wake: () => void }>();

  async function happen(): Promise<void> {
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
      await happen();
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        next.wake();
        await happen();
      }
      now = Math.max(now, until);
      await happen();
    },
  };
}
