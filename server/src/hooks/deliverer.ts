import type { Clock } from '../clock.ts';
import type { DueDelivery, HookStore, Settled } from './hook-store.ts';
import { messageOf } from './message.ts';
import type { Post } from './post.ts';
import { verdictOf } from './verdict.ts';

export interface Deliverer {
  /** Takes no more; resolves once those on their way are settled, those that take long being broken off. */
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
  /** How long stopping waits for answers; 5 s if not said. */
  readonly patienceMs?: number;
}

const AT_ONCE = 64;
/** So that one slow receiver leaves room for the others. */
const AT_ONCE_OF_A_HOOK = 8;
/** More than an attempt takes: nobody else sends what is on its way, unless this process is gone. */
const LEASE_MS = 30_000;

/**
 * Delivers what is due, over and over, at least once: what was answered but could not be settled is sent again. It asks
 * the store every second rather than being told, since any server on the store may have written the event; where there
 * is no hook that something waits for, that is one look into an empty index.
 */
export function startDeliverer(options: DelivererOptions): Deliverer {
  const { hooks, post, clock, random, onError, onSettled, everyMs = 1_000, patienceMs = 5_000 } = options;
  const onTheirWay = new Map<Promise<void>, string>();
  const stopping = new AbortController();
  const impatient = new AbortController();
  let wake: () => void = () => undefined;

  async function deliver(due: DueDelivery): Promise<void> {
    try {
      const posted = await post(messageOf(due, clock()), impatient.signal);
      const settled = verdictOf(posted, due.attempt, random);
      await hooks.settle({ ...settled, hookId: due.hook.id, eventId: due.event.id });
      onSettled?.(settled.outcome);
    } catch (error) {
      onError(error);
    }
  }

  async function round(): Promise<void> {
    const limit = AT_ONCE - onTheirWay.size;
    if (limit <= 0) return;
    const busy: Record<string, number> = {};
    for (const id of onTheirWay.values()) busy[id] = (busy[id] ?? 0) + 1;
    for (const due of await hooks.due({ limit, perHook: AT_ONCE_OF_A_HOOK, busy, leaseMs: LEASE_MS })) {
      const sent = deliver(due).finally(() => {
        onTheirWay.delete(sent);
        // There is room for another, and perhaps the next event of the same key.
        wake();
      });
      onTheirWay.set(sent, due.hook.id);
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
  return {
    async stop() {
      stopping.abort();
      wake();
      await working;
      const timer = setTimeout(() => {
        impatient.abort();
      }, patienceMs);
      await Promise.all(onTheirWay.keys());
      clearTimeout(timer);
    },
  };
}
