import { StoreUnavailable } from '../../claims/store.ts';

/** The calls that are under way: each ends within the deadline, there are never too many, and closing waits for them. */
export interface Calls {
  /** Rejects with a `StoreUnavailable` at the deadline, and at once where too much is under way or the store is closed. */
  track<T>(characters: number, send: () => Promise<T>): Promise<T>;
  /** How many are under way. */
  readonly pending: () => number;
  /** Takes no more; resolves once nothing is under way. */
  end(): Promise<void>;
}

/** A call waits for so long, and a look later at most. */
export const DEADLINE_MS = 4_500;
const LOOK_EVERY_MS = 250;
/** A call is one unit, and one more for every 4 KiB that it sends. */
const UNIT_CHARACTERS = 4 * 1024;
const MAX_UNITS = 40_000;
/** What one tenant's commands may take up of it: half of it is left to the others. */
export const TENANT_UNITS = 20_000;

export const unitsOf = (characters: number): number => 1 + Math.floor(characters / UNIT_CHARACTERS);

interface Call {
  readonly since: number;
  reject(error: StoreUnavailable): void;
}

/** `onHang` is called when a call got no answer in time: what it was sent on is of no use any more. */
export function createCalls(onHang: () => void): Calls {
  // In the order in which they began, so that a look stops at the first young one.
  const calls = new Set<Call>();
  let units = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let drained: (() => void) | undefined;

  function look(): void {
    const late = performance.now() - DEADLINE_MS;
    let hangs = false;
    for (const call of calls) {
      if (call.since > late) break;
      hangs = true;
      call.reject(new StoreUnavailable('Redis gave no answer within 4.5 seconds.'));
    }
    if (hangs) onHang();
  }

  function over(call: Call, size: number): void {
    calls.delete(call);
    units -= size;
    if (calls.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    drained?.();
  }

  return {
    track<T>(characters: number, send: () => Promise<T>): Promise<T> {
      const size = unitsOf(characters);
      if (closed) return Promise.reject(new StoreUnavailable('The store is closed.'));
      if (units + size > MAX_UNITS) {
        return Promise.reject(new StoreUnavailable('The store has more to do than it can keep up with.'));
      }
      units += size;
      timer ??= setInterval(look, LOOK_EVERY_MS);
      return new Promise<T>((resolve, reject) => {
        let isOver = false;
        const settle = (how: () => void): void => {
          if (isOver) return;
          isOver = true;
          over(call, size);
          how();
        };
        const call: Call = {
          since: performance.now(),
          reject: (error) => {
            settle(() => {
              reject(error);
            });
          },
        };
        calls.add(call);
        send().then(
          (value) => {
            settle(() => {
              resolve(value);
            });
          },
          (error: unknown) => {
            settle(() => {
              reject(error instanceof Error ? error : new Error(String(error)));
            });
          },
        );
      });
    },
    pending: () => calls.size,
    async end() {
      closed = true;
      if (calls.size > 0) await new Promise<void>((resolve) => (drained = resolve));
    },
  };
}
