export interface Chore {
  /** Takes no more steps; resolves once one at work has ended. */
  stop(): Promise<void>;
}

export interface ChoreOptions {
  readonly onError: (error: unknown) => void;
  /** How long to rest once nothing is left to do. */
  readonly everyMs: number;
  /** How much a step may do: small, so that claims never wait long for one. */
  readonly stepRows?: number;
}

/**
 * Does something in the background: step by step until nothing is left, then again every `everyMs`. `step` answers how
 * much it did. Never two steps at once; a failure is reported, and the next round tries again.
 */
export function startChore(step: (rows: number) => Promise<number>, options: ChoreOptions): Chore {
  const { onError, everyMs, stepRows = 500 } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let atWork: Promise<void> = Promise.resolve();

  async function work(): Promise<void> {
    try {
      while (!stopped && (await step(stepRows)) >= stepRows);
    } catch (error) {
      onError(error);
    }
    if (!stopped) timer = setTimeout(start, everyMs).unref();
  }

  function start(): void {
    atWork = work();
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
