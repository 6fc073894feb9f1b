import type { Claim, ClaimOutcome, Of } from './commands.ts';
import { createKeyPoller, type KeyPoller, type Waiter } from './key-poller.ts';
import { isExpired, type ClaimRecord } from './record.ts';
import type { ClaimStore } from './claim-store.ts';

/** Waiting claims read the key this often, since another process may finish it. */
const POLL_EVERY_MS = 500;

/** Lets claims wait for a key that another run holds, and for their group. A server has one. */
export interface Waiting {
  /**
   * Claims, and claims again when the run that holds the key or the group has ended, for up to `waitMs`. Then it returns the
   * last answer. It ends early, without another claim, when `gone` is aborted or `stop` is called. If the claim is stopped in
   * the end, it counts as one duplicate, however often it was tried.
   */
  claim(claim: Of<Claim>, waitMs: number, gone: AbortSignal): Promise<ClaimOutcome>;
  /** Must be called when this process has changed a key, so that claims that wait for it notice at once. */
  changed(tenant: string, key: string): void;
  /** Ends all waits with their latest answers; no new ones begin. */
  readonly stop: () => void;
}

export function createWaiting(
  claims: Pick<ClaimStore, 'claim' | 'read'>,
  options: { readonly pollEveryMs?: number } = {},
): Waiting {
  const { pollEveryMs = POLL_EVERY_MS } = options;
  const pollers = new Map<string, KeyPoller>();
  let stopped = false;

  /** Joins the claims that wait for a key. */
  function join(tenant: string, key: string, gone: AbortSignal): Waiter {
    const address = addressOf(tenant, key);
    const poller = pollers.get(address) ?? createKeyPoller(() => claims.read({ tenant, key }), pollEveryMs);
    pollers.set(address, poller);
    const waiter = poller.join();
    gone.addEventListener('abort', waiter.leave);
    return {
      nextRead: (timeoutMs, pollInMs) => waiter.nextRead(timeoutMs, pollInMs),
      leave() {
        gone.removeEventListener('abort', waiter.leave);
        waiter.leave();
        if (poller.isEmpty() && pollers.get(address) === poller) pollers.delete(address);
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
        // The last try counts as a duplicate if another run is still at work.
        if (leftMs <= 0)
          return claim.triesAgain !== true && last.outcome === 'in_progress'
            ? await claims.claim(claim)
            : last;
        const { key = claim.key, until } = other;
        let pollInMs = Math.max(1, until - last.now);
        if (key !== watched?.key) {
          watched?.waiter.leave();
          watched = { key, waiter: join(claim.tenant, key, gone) };
          // That key may have ended after the claim was answered, so it is read at once.
          pollInMs = 0;
        }
        const read = await watched.waiter.nextRead(leftMs, pollInMs);
        if (read === null || isOver(gone)) continue;
        // It claims only when it may succeed, since a read writes nothing.
        if (read.outcome !== 'found' || !isAtWork(read)) last = await claims.claim(asking);
        else if (last.outcome === 'in_progress') last = { ...last, record: read.record, now: read.now };
        else if (last.outcome === 'busy') last = { ...last, until: read.record.expiresAt, now: read.now };
      }
    } finally {
      watched?.waiter.leave();
    }
  }

  return {
    claim: wait,
    changed(tenant, key) {
      if (pollers.size > 0) pollers.get(addressOf(tenant, key))?.pollNow();
    },
    stop() {
      stopped = true;
      for (const poller of pollers.values()) poller.stop();
    },
  };
}

/** Which key an answer says to wait for, and when its lease ends; null if waiting is useless. Without `key`: the claim's own. */
function waitsFor(answer: ClaimOutcome): { readonly key?: string; readonly until: number } | null {
  if (answer.outcome === 'in_progress') return { until: answer.record.expiresAt };
  if (answer.outcome !== 'busy' || answer.until === null || answer.ofSameRun) return null;
  return { key: answer.by, until: answer.until };
}

const isAtWork = ({ record, now }: { readonly record: ClaimRecord; readonly now: number }): boolean =>
  record.state === 'in_progress' && !isExpired(record, now);

/** Keys contain no NUL, so that no two addresses are equal. */
const addressOf = (tenant: string, key: string): string => `${key}\0${tenant}`;
