import type { Timing as Waiting } from '@onceonly/shared/client/send.ts';

/** Time as a program sees it; another one only in tests. */
export interface Time extends Waiting {
  /** Ends early, and resolves, when the signal aborts. */
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
      const timer = setTimeout(end, ms);
      // A lease that is to be extended is nothing to stay alive for: its work is.
      if (signal !== undefined) (timer as { unref?: () => void }).unref?.();
      signal?.addEventListener('abort', end);
      if (signal?.aborted === true) end();
    }),
};
