import type { Claim, ClaimOutcome, Of } from './commands.ts';
import { createLookout, type Lookout, type Waiter } from './lookout.ts';
import { isExpired, type ClaimRecord } from './record.ts';
import type { ClaimStore } from './claim-store.ts';

/** A waiter reads the key again after so long, since another process may have finished it. */
const LOOK_AGAIN_MS = 500;

/** Lets claims wait for a key in flight, and for their group. One for a server. */
export interface Waiting {
  /**
   * Claims, and claims again once the holder that is in its way has ended, for up to `waitMs`; then the last answer stands.
   * It ends early, without another claim, when `gone` is aborted or `stop` is called. However often it claimed, there is one
   * event `duplicate` where it is stopped.
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

  /** Waits with the others for what becomes of a key. */
  function join(tenant: string, key: string, gone: AbortSignal): Waiter {
    const address = addressOf(tenant, key);
    const lookout = lookouts.get(address) ?? createLookout(() => claims.read({ tenant, key }), lookAgainMs);
    lookouts.set(address, lookout);
    const waiter = lookout.join();
    gone.addEventListener('abort', waiter.leave);
    return {
      seen: (leftMs, lookInMs) => waiter.seen(leftMs, lookInMs),
      leave() {
        gone.removeEventListener('abort', waiter.leave);
        waiter.leave();
        if (lookout.isEmpty() && lookouts.get(address) === lookout) lookouts.delete(address);
      },
    };
  }

  const isOver = (gone: AbortSignal): boolean => gone.aborted || stopped;

  async function wait(claim: Of<Claim>, waitMs: number, gone: AbortSignal): Promise<ClaimOutcome> {
    const deadline = performance.now() + waitMs;
    const asking = { ...claim, triesAgain: true };
    let last = await claims.claim(asking);
    let watched: { readonly key: string; readonly waiter: Waiter } | undefined;
    try {
      for (;;) {
        const other = waitsFor(last);
        const leftMs = deadline - performance.now();
        if (other === null || isOver(gone)) return last;
        // Its last word: stopped by a run at work it is counted only now.
        if (leftMs <= 0)
          return claim.triesAgain !== true && last.outcome === 'in_progress'
            ? await claims.claim(claim)
            : last;
        const { key = claim.key, until } = other;
        let lookInMs = Math.max(1, until - last.now);
        if (key !== watched?.key) {
          watched?.waiter.leave();
          watched = { key, waiter: join(claim.tenant, key, gone) };
          // It may have ended since the claim was answered.
          lookInMs = 0;
        }
        const seen = await watched.waiter.seen(leftMs, lookInMs);
        if (seen === null || isOver(gone)) continue;
        // Reading first writes nothing.
        if (seen.outcome !== 'found' || !isAtWork(seen)) last = await claims.claim(asking);
        else if (last.outcome === 'in_progress') last = { ...last, record: seen.record, now: seen.now };
        else if (last.outcome === 'busy') last = { ...last, until: seen.record.expiresAt, now: seen.now };
      }
    } finally {
      watched?.waiter.leave();
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

/** The key at work that an answer makes wait for, and the end of its lease; null where waiting is of no use. */
function waitsFor(answer: ClaimOutcome): { readonly key?: string; readonly until: number } | null {
  if (answer.outcome === 'in_progress') return { until: answer.record.expiresAt };
  if (answer.outcome !== 'busy' || answer.until === null || answer.ofSameRun) return null;
  return { key: answer.by, until: answer.until };
}

const isAtWork = ({ record, now }: { readonly record: ClaimRecord; readonly now: number }): boolean =>
  record.state === 'in_progress' && !isExpired(record, now);

/** Keys hold no NUL, so that no two addresses are alike. */
const addressOf = (tenant: string, key: string): string => `${key}\0${tenant}`;
