export interface Chore {
  /** Starts no more steps, and resolves when the current one has ended. */
  stop(): Promise<void>;
}

export interface ChoreOptions {
  readonly onError: (error: unknown) => void;
  /** How long to pause when nothing is left to do. */
  readonly everyMs: number;
  /** How much one step may do. Small, so that claims never wait long for it. */
  readonly stepRows?: number;
}

/**
 * Does background work in steps until nothing is left, and then again every `everyMs`. `step` returns how much it did. There is
 * never more than one step at a time. A failure is reported, and tried again in the next round.
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
