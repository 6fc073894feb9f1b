import type { Elapsed } from '../../clock.ts';

/**
 * The latest time that a store told, running on: a little slower than time does, so that it is behind the store's own clock
 * while that one runs, and ahead of it only where that one was set back.
 */
export interface RunningTime {
  /** Epoch milliseconds; 0 before anything was heard. */
  readonly now: () => number;
  readonly heard: (told: number) => void;
}

const SPEED = 0.999;

export function runOn(elapsed: Elapsed): RunningTime {
  let latest = 0;
  let since = 0;
  const now = (): number => (latest === 0 ? 0 : latest + Math.floor((elapsed() - since) * SPEED));
  return {
    now,
    heard(told) {
      if (told < now()) return;
      latest = told;
      since = elapsed();
    },
  };
}
