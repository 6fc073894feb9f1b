import { uptime } from 'node:os';

/** Epoch milliseconds. Passed in wherever time decides, so that a test can step it. */
export type Clock = () => number;

/** Milliseconds since some instant. Nobody can set it. */
export type Elapsed = () => number;

/** `os.uptime` is coarse on some systems: a smaller difference is no suspension. */
const SUSPENDED_MS = 2_000;

/** How long what is cheap to read is believed alone. */
const LOOK_MS = 100;

/**
 * Counts what passes, the time in which the machine was suspended included: `running` stands still then, `awake` and `wall`
 * (milliseconds, too) do not. `awake` is read from a file: it is looked at ten times a second, and at once where the wall clock
 * says that something is amiss.
 */
export function countElapsed(
  running: Elapsed = () => performance.now(),
  awake: Elapsed = () => uptime() * 1_000,
  wall: Clock = Date.now,
): Elapsed {
  const began = { running: running(), awake: awake() };
  let suspended = 0;
  let looked = { running: began.running, wall: wall() };
  return () => {
    const now = { running: running(), wall: wall() };
    const ran = now.running - began.running;
    const since = now.running - looked.running;
    if (since < LOOK_MS && Math.abs(now.wall - looked.wall - since) < LOOK_MS) return ran + suspended;
    looked = now;
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
