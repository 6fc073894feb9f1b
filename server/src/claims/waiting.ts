import type { Claim, ClaimOutcome } from './commands.ts';
import type { ClaimStore, Of } from './store.ts';

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
  const waiters = new Map<string, Set<() => void>>();
  let stopped = false;

  async function wait(claim: Of<Claim>, waitMs: number, gone: AbortSignal): Promise<ClaimOutcome> {
    const deadline = performance.now() + waitMs;
    const address = addressOf(claim.tenant, claim.key);
    const bell = createBell();
    const over = (): boolean => gone.aborted || stopped;
    const group = waiters.get(address) ?? new Set();
    waiters.set(address, group.add(bell.ring));
    gone.addEventListener('abort', bell.ring);
    try {
      let last = await claims.claim(claim);
      while (last.outcome === 'in_progress') {
        const leftMs = deadline - performance.now();
        if (leftMs <= 0 || over()) return last;
        const leaseLeftMs = Math.max(1, last.record.expiresAt - last.now);
        await bell.heard(Math.min(leftMs, leaseLeftMs, lookAgainMs));
        if (over()) return last;
        // Reading first leaves the counts of duplicates alone, and writes nothing.
        const seen = await claims.read({ tenant: claim.tenant, key: claim.key });
        if (
          seen.outcome === 'found' &&
          seen.record.state === 'in_progress' &&
          seen.now < seen.record.expiresAt
        ) {
          last = { ...last, record: seen.record, now: seen.now };
        } else if (over()) {
          return last;
        } else {
          last = await claims.claim(claim);
        }
      }
      return last;
    } finally {
      gone.removeEventListener('abort', bell.ring);
      group.delete(bell.ring);
      if (group.size === 0 && waiters.get(address) === group) waiters.delete(address);
    }
  }

  return {
    claim: wait,
    changed(tenant, key) {
      if (waiters.size === 0) return;
      for (const ring of waiters.get(addressOf(tenant, key)) ?? []) ring();
    },
    stop() {
      stopped = true;
      for (const group of waiters.values()) for (const ring of group) ring();
    },
  };
}

/** Keys hold no NUL, so that no two addresses are alike. */
const addressOf = (tenant: string, key: string): string => `${key}\0${tenant}`;

/** Rings for one listener; a ring that nobody listened to is heard at the next chance. */
function createBell(): { ring: () => void; heard: (atMostMs: number) => Promise<void> } {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async heard(atMostMs) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMostMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
    },
  };
}
