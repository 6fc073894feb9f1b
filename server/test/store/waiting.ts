import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once `attempt` does; rejects as it did last, after a generous while. */
export async function eventually<T>(attempt: () => T | Promise<T>, milliseconds = 60_000): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(20);
    }
  }
}

/** What a promise came to, and how many milliseconds that took. */
export async function settledIn<T>(promise: Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  const value = await promise;
  return [value, performance.now() - start];
}
