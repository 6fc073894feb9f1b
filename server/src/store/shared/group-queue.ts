import { StoreUnavailable } from '../../claims/claim-store.ts';
import { messageOf } from '../../error-message.ts';
import type { StoreMetrics } from '../store.ts';
import { createFairQueue, type Queued } from './fair-queue.ts';
import type { AnswerOf, CallName, Reply, Request, RequestOf, Send } from './requests.ts';

/** Group commit: calls that arrive while the store is busy make up the next batch. */
export interface GroupQueue {
  readonly send: Send;
  /** Accepts no more calls, and resolves when all accepted ones are answered. May be called several times. */
  close(): Promise<void>;
  /** How many calls are not answered yet. */
  readonly pending: () => number;
}

export interface GroupQueueOptions {
  /**
   * Runs a batch as one transaction. The function to which it resolves is called after the next batch was started, and returns a
   * reply for each request in order. If it rejects, no request of the batch has an answer.
   */
  readonly run: (requests: readonly Request[]) => Promise<() => readonly Reply[]>;
  /** How many batches may run at the same time. Default: one. */
  readonly ahead?: number;
  /** The most units of the next batch. Default: 512. */
  readonly batchUnits?: () => number;
  /** For a queue of one tenant: the units of all such queues together, waiting or running. They share one limit. */
  readonly shared?: { units: number };
  /** A call that is not answered after this time is rejected. Default: never. */
  readonly timeoutMs?: number;
  readonly metrics?: Pick<StoreMetrics, 'opened'> | undefined;
}

interface Waiting extends Queued {
  readonly request: Request;
  readonly sentAt: number;
  resolve(answer: AnswerOf<CallName>): void;
  reject(error: StoreUnavailable): void;
}

/** A request is one unit, and one more for every 4 KiB of its result. A step through the keys of a run is one unit a key. */
const UNIT_CHARACTERS = 4 * 1024;
/** Keeps a transaction short, also in a store that puts all batches it has into one transaction. */
const BATCH_UNITS = 512;
/** With this many calls, a batch starts before the end of the turn of the event loop. */
const EARLY = 32;
/** With more units than this, calls are refused, so that memory is bounded and waits are short. One tenant gets half at most. */
const QUEUE_UNITS = 40_000;
const TENANT_UNITS = 20_000;

/** A batch holds the calls of one turn of the event loop, and starts early at 32 calls. While the store is busy, it grows. */
export function createGroupQueue(options: GroupQueueOptions): GroupQueue {
  const { run, ahead = 1, batchUnits = () => BATCH_UNITS, timeoutMs, metrics } = options;
  // Queues that share a limit are each for one tenant, and count running calls as well.
  const isOfOneTenant = options.shared !== undefined;
  const all = options.shared ?? { units: 0 };
  const queue = createFairQueue<Waiting>();
  const inFlight: (readonly Waiting[])[] = [];
  let atWork = 0;
  let unitsAtWork = 0;
  let pumpIsDue = false;
  let lateTimer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let drained: (() => void) | undefined;

  function pump(): void {
    pumpIsDue = false;
    while (queue.size > 0 && inFlight.length < ahead) start(takeBatch());
    if (queue.size > 0 || inFlight.length > 0) return;
    clearInterval(lateTimer);
    lateTimer = undefined;
    drained?.();
  }

  function start(batch: readonly Waiting[]): void {
    inFlight.push(batch);
    atWork += batch.length;
    for (const { units } of batch) unitsAtWork += units;
    run(batch.map(({ request }) => request)).then(
      (replies) => {
        ended(batch);
        settle(batch, replies());
      },
      (error: unknown) => {
        ended(batch);
        const reason = messageOf(error);
        for (const waiting of batch) waiting.reject(new StoreUnavailable(reason));
      },
    );
  }

  function ended(batch: readonly Waiting[]): void {
    inFlight.splice(inFlight.indexOf(batch), 1);
    atWork -= batch.length;
    for (const { units } of batch) {
      unitsAtWork -= units;
      if (isOfOneTenant) all.units -= units;
    }
    pump();
  }

  function settle(batch: readonly Waiting[], replies: readonly Reply[]): void {
    replies.forEach((reply, index) => {
      if ('answer' in reply) batch[index]?.resolve(reply.answer);
      else batch[index]?.reject(new StoreUnavailable(reply.unavailable));
    });
  }

  function takeBatch(): readonly Waiting[] {
    const batch: Waiting[] = [];
    const most = batchUnits();
    let units = 0;
    for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
      units += next.units;
      if (batch.length > 0 && units > most) break;
      batch.push(next);
      queue.take();
      if (!isOfOneTenant) all.units -= next.units;
    }
    return batch;
  }

  function rejectLate(longest: number): void {
    const before = performance.now() - longest;
    const removed = queue.removeWhile(({ sentAt }) => sentAt <= before);
    for (const { units } of removed) all.units -= units;
    const late = [...inFlight.flat().filter(({ sentAt }) => sentAt <= before), ...removed];
    for (const waiting of late)
      waiting.reject(new StoreUnavailable(`The store gave no answer within ${longest} milliseconds.`));
  }

  const unitsOfTenant = (tenant: string): number => queue.unitsOf(tenant) + (isOfOneTenant ? unitsAtWork : 0);
  const pending = (): number => queue.size + atWork;
  metrics?.opened(pending);
  return {
    send<K extends CallName>(kind: K, fields: Omit<RequestOf<K>, 'kind'>): Promise<AnswerOf<K>> {
      const request = { ...fields, kind } as Request;
      const units = unitsOf(request);
      if (closing !== undefined) return Promise.reject(new StoreUnavailable('The store is closed.'));
      const tenant = 'tenant' in request ? request.tenant : '';
      if (all.units + units > QUEUE_UNITS || unitsOfTenant(tenant) + units > TENANT_UNITS) {
        return Promise.reject(new StoreUnavailable('The store has more to do than it can keep up with.'));
      }
      return new Promise<AnswerOf<K>>((resolve, reject) => {
        all.units += units;
        queue.add({ request, tenant, units, sentAt: performance.now(), resolve, reject });
        if (timeoutMs !== undefined) {
          lateTimer ??= setInterval(rejectLate, Math.ceil(timeoutMs / 10), timeoutMs);
        }
        if (inFlight.length >= ahead) return;
        if (queue.size >= EARLY) pump();
        else if (!pumpIsDue) {
          pumpIsDue = true;
          setImmediate(pump);
        }
      });
    },
    close: () =>
      (closing ??= new Promise<void>((resolve) => {
        drained = resolve;
        if (inFlight.length === 0 && queue.size === 0) resolve();
      })),
    pending,
  };
}

function unitsOf(request: Request): number {
  if (request.kind === 'failRun') return request.limit;
  const characters = 'result' in request ? (request.result?.length ?? 0) : 0;
  return 1 + Math.floor(characters / UNIT_CHARACTERS);
}
