import type { Timing } from '@onceonly/shared/client/send.ts';

/** The clock and the timers, which tests replace. */
export interface Time extends Timing {
  /** Resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A machine that slept wakes with its timers where they were, so the clock is looked at this often. */
const LOOK_MS = 10_000;

export const realTime: Time = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const from = Date.now();
      let slept = 0;
      let timer: ReturnType<typeof setTimeout>;
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const start = (forMs: number): void => {
        const step = Math.min(forMs, LOOK_MS);
        timer = setTimeout(() => {
          look(step);
        }, step);
        // A pause between renewals must not keep the process alive; the work itself does.
        if (signal !== undefined) (timer as { unref?: () => void }).unref?.();
      };
      function look(step: number): void {
        slept += step;
        // The clock may also be set back, which makes no pause longer.
        const passed = Math.max(slept, Date.now() - from);
        if (passed < ms) start(ms - passed);
        else end();
      }
      // What is due already is less than nothing away, which Node warns of.
      start(Math.max(0, ms));
      signal?.addEventListener('abort', end);
      if (signal?.aborted === true) end();
    }),
};
