import { uptime } from 'node:os';

/** Returns epoch milliseconds. It is passed to everything that depends on the time, so that tests can set it. */
export type Clock = () => number;

/** Returns milliseconds since some instant. Nobody can set this clock. */
export type Elapsed = () => number;

/** `os.uptime` is coarse on some systems, so a smaller difference does not count as a suspension. */
const SUSPENDED_MS = 2_000;

/** How long to go without reading the expensive clock, and how far the cheap clocks may differ before it is read. */
const LOOK_MS = 100;

/**
 * Counts the time that passes, including the time in which the machine is suspended. During a suspension `running` stands still, but
 * `awake` and `wall` go on. All three are in milliseconds. Reading `awake` means reading a file, so that is done only ten times a
 * second, and at once if `running` and `wall` differ.
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

/** Starts with the current time of `wall`, and then adds the time that passes. Later changes of the wall clock have no effect. */
export function steadyClock(wall: Clock = Date.now, elapsed: Elapsed = countElapsed()): Clock {
  const began = wall() - elapsed();
  return () => Math.floor(began + elapsed());
}
