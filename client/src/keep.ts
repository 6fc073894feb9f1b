import { attempt as orError, isRefused } from '@onceonly/shared/client/items.ts';
import { OnceOnlyError } from './errors.ts';
import type { Lease } from './service.ts';
import type { Time } from './time.ts';

/** A lease that is extended as long as its work runs. */
export interface Kept {
  /** Aborts with `lease_lost`. */
  readonly signal: AbortSignal;
  /** Extends no more. */
  stop(): Promise<void>;
}

/** How often a lease is extended before it would end. */
const TIMES = 3;
/** After an extension that got no answer. */
const AGAIN_MS = 1_000;

/** Extends a lease from now on. It is lost when the service says so, or when nothing was heard of it up to its end. */
export function keep(lease: Lease, time: Time): Kept {
  const lost = new AbortController();
  const stopped = new AbortController();
  const lose = (what: string): void => {
    lost.abort(new OnceOnlyError('lease_lost', what, { key: lease.key, attempt: lease.attempt }));
  };

  const isStopped = (): boolean => stopped.signal.aborted;

  async function extend(): Promise<void> {
    let ttlMs = lease.ttlSeconds * 1_000;
    let endsAt = time.now() + ttlMs;
    let pauseMs = ttlMs / TIMES;
    for (;;) {
      await time.sleep(Math.min(pauseMs, endsAt - time.now()), stopped.signal);
      if (isStopped()) return;
      const askedAt = time.now();
      // A service that hangs answers after the end: that is too late.
      const answer = await Promise.race([
        orError(() => lease.extend()),
        time.sleep(endsAt - askedAt, stopped.signal),
      ]);
      if (isStopped()) return;
      if (answer !== undefined && !isRefused(answer)) {
        if (answer['status'] !== 'extended') {
          lose('');
          return;
        }
        if (typeof answer['ttl'] === 'number') ttlMs = answer['ttl'] * 1_000;
        endsAt = askedAt + ttlMs;
        pauseMs = ttlMs / TIMES;
        continue;
      }
      if (answer === undefined || time.now() >= endsAt) {
        lose('The lease could not be extended, and has ended.');
        return;
      }
      pauseMs = AGAIN_MS;
    }
  }

  const extending = extend();
  return {
    signal: lost.signal,
    stop() {
      // With a reason, no DOMException and its stack are made.
      stopped.abort('stopped');
      return extending;
    },
  };
}
