import pTimeout from 'p-timeout';
import type { Clock } from '../clock.ts';
import type { DueDelivery, HookStore, Settled } from './hook-store.ts';
import { signedMessage } from './message.ts';
import type { Post } from './post.ts';
import { verdictOf } from './verdict.ts';

export interface Deliverer {
  /**
   * Starts no more deliveries, and resolves when those under way are settled. Those that take too long are aborted, and then
   * no longer waited for.
   */
  stop(): Promise<void>;
}

export interface DelivererOptions {
  readonly hooks: Pick<HookStore, 'due' | 'settle'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
  /** Called after every attempt, once it is settled. */
  readonly onSettled?: ((outcome: Settled['outcome']) => void) | undefined;
  /** The longest pause between two looks for due deliveries. Default: one second. */
  readonly everyMs?: number;
  /** How long `stop` waits for answers, and then as long again for the store. Default: 5 seconds. */
  readonly stopTimeoutMs?: number;
}

const AT_ONCE = 128;
/** Leaves room for other tenants if the receivers of one tenant hang. */
const AT_ONCE_OF_A_TENANT = 16;
/** Leaves room for other hooks if one receiver is slow. */
const AT_ONCE_OF_A_HOOK = 8;
/** How many failing hooks are remembered. If there are more, all are forgotten. */
const KNOWN_FAILING = 10_000;
/** Longer than an attempt can take, so that nobody else sends the same delivery unless this process is gone. */
const LEASE_MS = 30_000;

/**
 * Sends due deliveries at least once, until stopped. If a receiver answered but that could not be stored, the delivery is sent
 * again. It asks the store every second, because any server on the store may have written the event. If nothing is waiting, that is
 * one read of an empty index.
 */
export function startDeliverer(options: DelivererOptions): Deliverer {
  const { hooks, post, clock, random, onError, onSettled, everyMs = 1_000, stopTimeoutMs = 5_000 } = options;
  const onTheirWay = new Map<Promise<void>, DueDelivery['hook']>();
  const failing = new Set<string>();
  const stopping = new AbortController();
  const aborting = new AbortController();
  let wake: () => void = () => undefined;

  async function deliver(due: DueDelivery): Promise<void> {
    try {
      const posted = await post(signedMessage(due, clock()), aborting.signal);
      const settled = verdictOf(posted, due.attempt, random);
      if (failing.size >= KNOWN_FAILING) failing.clear();
      if (settled.outcome === 'retry') failing.add(due.hook.id);
      else failing.delete(due.hook.id);
      await hooks.settle({ ...settled, hookId: due.hook.id, eventId: due.event.id });
      onSettled?.(settled.outcome);
    } catch (error) {
      onError(error);
    }
  }

  async function round(): Promise<void> {
    const limit = AT_ONCE - onTheirWay.size;
    if (limit <= 0) return;
    const slots = { limit, perHook: AT_ONCE_OF_A_HOOK, perTenant: AT_ONCE_OF_A_TENANT };
    const busy = [...onTheirWay.values()].map(({ id, tenant }) => ({ id, tenant }));
    for (const due of await hooks.due({ ...slots, busy, failing: [...failing], leaseMs: LEASE_MS })) {
      const sent = deliver(due).finally(() => {
        onTheirWay.delete(sent);
        // A slot is free now, and the next event of the same key may have become due.
        wake();
      });
      onTheirWay.set(sent, due.hook);
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      let timer: NodeJS.Timeout | undefined;
      const rested = new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, everyMs).unref();
      });
      await round().catch(onError);
      await rested;
      clearTimeout(timer);
    }
  }

  const working = work();

  async function end(): Promise<void> {
    await working;
    await Promise.all(onTheirWay.keys());
  }
  return {
    async stop() {
      stopping.abort();
      wake();
      const timer = setTimeout(() => {
        aborting.abort();
      }, stopTimeoutMs);
      // Do not wait for a store that does not answer. A delivery that is not settled is due again when its lease ends.
      await pTimeout(end(), { milliseconds: 2 * stopTimeoutMs, fallback: () => undefined });
      clearTimeout(timer);
    },
  };
}
