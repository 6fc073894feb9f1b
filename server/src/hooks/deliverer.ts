import pTimeout from 'p-timeout';
import type { Clock } from '../clock.ts';
import type { DueDelivery, HookStore, Settled } from './hook-store.ts';
import { signedMessage } from './message.ts';
import type { Post } from './post.ts';
import { verdictOf } from './verdict.ts';

export interface Deliverer {
  /** Takes no more; resolves once those on their way are settled, those that take long being broken off, or given up. */
  stop(): Promise<void>;
}

export interface DelivererOptions {
  readonly hooks: Pick<HookStore, 'due' | 'settle'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
  /** Told of every attempt, once it is settled. */
  readonly onSettled?: ((outcome: Settled['outcome']) => void) | undefined;
  /** How long to rest once nothing is due; a second if not said. */
  readonly everyMs?: number;
  /** How long stopping waits for answers, and as long again for the store; 5 s if not said. */
  readonly patienceMs?: number;
}

const AT_ONCE = 128;
/** So that receivers of one tenant that hang leave room for the others'. */
const AT_ONCE_OF_A_TENANT = 16;
/** So that one slow receiver leaves room for the others. */
const AT_ONCE_OF_A_HOOK = 8;
/** How many failing hooks are known as such; at more, all are taken for good ones again. */
const KNOWN_FAILING = 10_000;
/** More than an attempt takes: nobody else sends what is on its way, unless this process is gone. */
const LEASE_MS = 30_000;

/**
 * Delivers what is due, over and over, at least once: what was answered but could not be settled is sent again. It asks
 * the store every second rather than being told, since any server on the store may have written the event; where there
 * is no hook that something waits for, that is one look into an empty index.
 */
export function startDeliverer(options: DelivererOptions): Deliverer {
  const { hooks, post, clock, random, onError, onSettled, everyMs = 1_000, patienceMs = 5_000 } = options;
  const onTheirWay = new Map<Promise<void>, DueDelivery['hook']>();
  const failing = new Set<string>();
  const stopping = new AbortController();
  const impatient = new AbortController();
  let wake: () => void = () => undefined;

  async function deliver(due: DueDelivery): Promise<void> {
    try {
      const posted = await post(signedMessage(due, clock()), impatient.signal);
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
        // There is room for another, and perhaps the next event of the same key.
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
        impatient.abort();
      }, patienceMs);
      // A store that does not answer keeps nobody: what was not settled is due again when its lease ends.
      await pTimeout(end(), { milliseconds: 2 * patienceMs, fallback: () => undefined });
      clearTimeout(timer);
    },
  };
}
