import type { Claim, ClaimOutcome, Of } from './commands.ts';
import { createLookout, type Lookout } from './lookout.ts';
import type { ClaimStore } from './store.ts';

/** Another process may have finished the key: how long a waiter believes what it saw. */
const LOOK_AGAIN_MS = 500;

/** Lets claims wait for a key in flight. One for a server. */
export interface Waiting {
  /**
   * Claims, and as long as another holder is at work looks again and claims again, up to `waitMs`; then the last answer
   * stands. Ends early, without another claim, when `gone` is aborted or `stop` called.
   */
  claim(claim: Of<Claim>, waitMs: number, gone: AbortSignal): Promise<ClaimOutcome>;
  /** To be called when this process changed a key in flight, so that its waiters look at once. */
  changed(tenant: string, key: string): void;
  /** Ends every wait with the answer it has, and lets none begin. */
  readonly stop: () => void;
}

export function createWaiting(
  claims: Pick<ClaimStore, 'claim' | 'read'>,
  options: { readonly lookAgainMs?: number } = {},
): Waiting {
  const { lookAgainMs = LOOK_AGAIN_MS } = options;
  const lookouts = new Map<string, Lookout>();
  let stopped = false;

  async function wait(claim: Of<Claim>, waitMs: number, gone: AbortSignal): Promise<ClaimOutcome> {
    const { tenant, key } = claim;
    const deadline = performance.now() + waitMs;
    const address = addressOf(tenant, key);
    const lookout = lookouts.get(address) ?? createLookout(() => claims.read({ tenant, key }), lookAgainMs);
    lookouts.set(address, lookout);
    const waiter = lookout.join();
    const over = (): boolean => gone.aborted || stopped;
    gone.addEventListener('abort', waiter.leave);
    try {
      let last = await claims.claim(claim);
      while (last.outcome === 'in_progress') {
        const leftMs = deadline - performance.now();
        if (leftMs <= 0 || over()) return last;
        const leaseLeftMs = Math.max(1, last.record.expiresAt - last.now);
        const seen = await waiter.seen(leftMs, leaseLeftMs);
        if (seen === null || over()) continue;
        // Reading first leaves the counts of duplicates alone, and writes nothing.
        const isHeld =
          seen.outcome === 'found' && seen.record.state === 'in_progress' && seen.now < seen.record.expiresAt;
        last = isHeld ? { ...last, record: seen.record, now: seen.now } : await claims.claim(claim);
      }
      return last;
    } finally {
      gone.removeEventListener('abort', waiter.leave);
      waiter.leave();
      if (lookout.isEmpty() && lookouts.get(address) === lookout) lookouts.delete(address);
    }
  }

  return {
    claim: wait,
    changed(tenant, key) {
      if (lookouts.size > 0) lookouts.get(addressOf(tenant, key))?.lookNow();
    },
    stop() {
      stopped = true;
      for (const lookout of lookouts.values()) lookout.end();
    },
  };
}

/** Keys hold no NUL, so that no two addresses are alike. */
const addressOf = (tenant: string, key: string): string => `${key}\0${tenant}`;
