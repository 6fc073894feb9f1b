import type { Timing } from '@onceonly/shared/client/send.ts';

/** The clock and the timers, which tests replace. */
export interface Time extends Timing {
  /** Resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const realTime: Time = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      // What is due already is less than nothing away, which Node warns of.
      const timer = setTimeout(end, Math.max(0, ms));
      // A pause between renewals must not keep the process alive; the work itself does.
      if (signal !== undefined) (timer as { unref?: () => void }).unref?.();
      signal?.addEventListener('abort', end);
      if (signal?.aborted === true) end();
    }),
};
