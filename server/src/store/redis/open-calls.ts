import { StoreUnavailable } from '../../claims/claim-store.ts';

type Method = (...args: never[]) => Promise<unknown>;

/** Counts open calls, so that closing waits for them. */
export interface OpenCalls {
  /** Wraps methods: their calls are counted, and rejected once the store is closed. */
  count<T extends object>(methods: T): T;
  readonly pending: () => number;
  /** Rejects new calls, and resolves when no call is open. */
  close(): Promise<void>;
}

export function createOpenCalls(): OpenCalls {
  let underWay = 0;
  let isClosed = false;
  let drained: (() => void) | undefined;

  function counted(method: Method): Method {
    return async (...args) => {
      if (isClosed) throw new StoreUnavailable('The store is closed.');
      underWay += 1;
      try {
        return await method(...args);
      } finally {
        underWay -= 1;
        if (underWay === 0) drained?.();
      }
    };
  }

  return {
    count: <T extends object>(methods: T): T =>
      Object.fromEntries(
        Object.entries(methods).map(([name, method]) => [name, counted(method as Method)]),
      ) as T,
    pending: () => underWay,
    async close() {
      isClosed = true;
      if (underWay > 0) await new Promise<void>((resolve) => (drained = resolve));
    },
  };
}
