import { attempt as orError, isRefused } from '@onceonly/shared/client/items.ts';
import { OnceOnlyError, TAKEN_OVER } from './once-only-error.ts';
import type { Lease } from './service.ts';
import type { Time } from './time.ts';

/** Renews a lease while its work runs. */
export interface Renewal {
  /** Aborts with `lease_lost` once the lease is lost. */
  readonly signal: AbortSignal;
  /** Stops renewing. */
  stop(): Promise<void>;
}

/** A lease is renewed this many times within its duration. */
const RENEWALS_A_LEASE = 3;
/** The pause after a renewal without an answer. */
const RETRY_MS = 1_000;

/** Renews a lease from now on. The lease is lost when the service says so, or when it ends before a renewal is answered. */
export function renewLease(lease: Lease, time: Time): Renewal {
  const lost = new AbortController();
  const stopped = new AbortController();
  const lose = (what: string): void => {
    lost.abort(new OnceOnlyError('lease_lost', what, { key: lease.key, attempt: lease.attempt }));
  };

  const isStopped = (): boolean => stopped.signal.aborted;

  async function extend(): Promise<void> {
    let ttlMs = lease.ttlSeconds * 1_000;
    let endsAt = time.now() + ttlMs;
    let pauseMs = ttlMs / RENEWALS_A_LEASE;
    for (;;) {
      await time.sleep(Math.min(pauseMs, endsAt - time.now()), stopped.signal);
      if (isStopped()) return;
      const askedAt = time.now();
      // A service that hangs may answer after the lease has ended, which is too late.
      const answer = await Promise.race([
        orError(() => lease.extend()),
        time.sleep(endsAt - askedAt, stopped.signal),
      ]);
      if (isStopped()) return;
      if (answer !== undefined && !isRefused(answer)) {
        if (answer['status'] !== 'extended') {
          lose(TAKEN_OVER);
          return;
        }
        if (typeof answer['ttl'] === 'number') ttlMs = answer['ttl'] * 1_000;
        endsAt = askedAt + ttlMs;
        pauseMs = ttlMs / RENEWALS_A_LEASE;
        continue;
      }
      if (answer === undefined || time.now() >= endsAt) {
        lose('The lease could not be extended, and has ended.');
        return;
      }
      pauseMs = RETRY_MS;
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
