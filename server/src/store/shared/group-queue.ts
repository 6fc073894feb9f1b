import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { StoreMetrics } from '../store.ts';
import { createFairQueue, type Queued } from './fair-queue.ts';
import type { AnswerOf, CallName, Reply, Request, RequestOf, Send } from './requests.ts';

/** Group commit: what arrives while the store is at work makes up the next batch. */
export interface GroupQueue {
  readonly send: Send;
  /** Accepts no more; resolves once all that was accepted is answered. May be called again. */
  close(): Promise<void>;
  /** How many calls wait, or are at work. */
  readonly pending: () => number;
}

export interface GroupQueueOptions {
  /**
   * Does a batch, as one transaction. What it resolves to is called once the next batch is on its way, for a reply to
   * each request in order. Where it rejects, none of them has an answer.
   */
  readonly run: (requests: readonly Request[]) => Promise<() => readonly Reply[]>;
  /** How many batches may be with `run` at a time; one if not said. */
  readonly ahead?: number;
  /** How many units a batch has at most; 512 if not said. */
  readonly batchUnits?: number;
  /** Of a queue of one tenant: what waits or is at work in all such queues, which share a bound. */
  readonly shared?: { units: number };
  /** After so long a call is rejected, wherever it is; never if not said. */
  readonly patienceMs?: number;
  readonly metrics?: Pick<StoreMetrics, 'opened'> | undefined;
}

interface Waiting extends Queued {
  readonly request: Request;
  readonly sentAt: number;
  resolve(answer: AnswerOf<CallName>): void;
  reject(error: StoreUnavailable): void;
}

/** A request is one unit, and one more for every 4 KiB of its result; a step through the keys of a run one a key. */
const UNIT_CHARACTERS = 4 * 1024;
/** So that one transaction stays short, also where a store does in one all batches that it has. */
const BATCH_UNITS = 512;
/** So many calls make a batch before the turn of the event loop is over. */
const EARLY = 32;
/** Beyond it calls are refused: memory is bounded, and nobody waits for long. A tenant leaves half of it to the others. */
const QUEUE_UNITS = 40_000;
const TENANT_UNITS = 20_000;

/** A batch holds one turn's calls; it starts early at 32; while the store is busy it grows. */
export function createGroupQueue(options: GroupQueueOptions): GroupQueue {
  const { run, ahead = 1, batchUnits = BATCH_UNITS, patienceMs, metrics } = options;
  // Where several queues share a bound, each is of one tenant, and what is at work counts as well.
  const isOfOneTenant = options.shared !== undefined;
  const all = options.shared ?? { units: 0 };
  const queue = createFairQueue<Waiting>();
  const inFlight: (readonly Waiting[])[] = [];
  let atWork = 0;
  let unitsAtWork = 0;
  let pumpIsDue = false;
  let impatience: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let drained: (() => void) | undefined;

  function pump(): void {
    pumpIsDue = false;
    while (queue.size > 0 && inFlight.length < ahead) start(takeBatch());
    if (queue.size > 0 || inFlight.length > 0) return;
    clearInterval(impatience);
    impatience = undefined;
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
        const reason = error instanceof Error ? error.message : String(error);
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
    let units = 0;
    for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
      units += next.units;
      if (batch.length > 0 && units > batchUnits) break;
      batch.push(next);
      queue.take();
      if (!isOfOneTenant) all.units -= next.units;
    }
    return batch;
  }

  function losePatience(longest: number): void {
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
        if (patienceMs !== undefined) {
          impatience ??= setInterval(losePatience, Math.ceil(patienceMs / 10), patienceMs);
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
