import { setImmediate } from 'node:timers/promises';

/** How long one request may block the event loop. */
const TURN_MS = 10;

/**
 * Keeps long work from blocking the event loop. The work awaits the returned function before each step; when its time is up,
 * other requests run first.
 */
export function createYield(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await setImmediate();
    since = performance.now();
  };
}
