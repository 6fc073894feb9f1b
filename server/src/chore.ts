import type { ClaimStore } from './claims/store.ts';

export interface Sweeper {
  /** Sweeps no more; resolves once a sweep at work has ended. */
  stop(): Promise<void>;
}

/**
 * Forgets what is past its time, in the background: in small steps, so that claims never wait long for one, again and
 * again until nothing is left, then once every `everyMs`. Never two at once; a failure is reported, and the next
 * sweep tries again.
 */
export function startSweeper(
  claims: Pick<ClaimStore, 'sweep'>,
  options: {
    readonly onError: (error: unknown) => void;
    readonly everyMs?: number;
    readonly stepRows?: number;
  },
): Sweeper {
  const { onError, everyMs = 60_000, stepRows = 500 } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let atWork: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    try {
      while (!stopped && (await claims.sweep(stepRows)) >= stepRows);
    } catch (error) {
      onError(error);
    }
    if (!stopped) timer = setTimeout(start, everyMs).unref();
  }

  function start(): void {
    atWork = sweep();
  }

  start();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return atWork;
    },
  };
}
