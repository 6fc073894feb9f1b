import { uptime } from 'node:os';

/** Epoch milliseconds. Passed in wherever time decides, so that a test can step it. */
export type Clock = () => number;

/** Milliseconds since some instant. Nobody can set it. */
export type Elapsed = () => number;

/** `os.uptime` is coarse on some systems: a smaller difference is no suspension. */
const SUSPENDED_MS = 2_000;

/**
 * Counts what passes, the time in which the machine was suspended included: `running` stands still then, `awake`
 * (milliseconds, too) does not.
 */
export function countElapsed(
  running: Elapsed = () => performance.now(),
  awake: Elapsed = () => uptime() * 1_000,
): Elapsed {
  const began = { running: running(), awake: awake() };
  let suspended = 0;
  return () => {
    const ran = running() - began.running;
    const passed = awake() - began.awake;
    if (passed - ran - suspended > SUSPENDED_MS) suspended = passed - ran;
    return ran + suspended;
  };
}

/** Begins at what `wall` says now, and goes on by what passes: no step of the wall clock is felt. */
export function steadyClock(wall: Clock = Date.now, elapsed: Elapsed = countElapsed()): Clock {
  const began = wall() - elapsed();
  return () => Math.floor(began + elapsed());
}
