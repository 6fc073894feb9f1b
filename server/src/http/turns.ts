import { setImmediate } from 'node:timers/promises';

/** So long one request may keep the others waiting. */
const TURN_MS = 10;

/** Before each step of long work: lets the other requests go first where this one had its turn. */
export function createTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await setImmediate();
    since = performance.now();
  };
}
