import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../claims/store.ts';
import type { Clock } from '../../clock.ts';
import { parseReplies, type Batch, type ToOwner, type ToWorker, type WorkerData } from './messages.ts';
import type { AnswerOf, CallName, Request, RequestOf } from './requests.ts';

export interface ThreadOptions {
  readonly path: string;
  readonly clock: Clock;
  /** How long events are kept, in days; 30 if not said. */
  readonly eventDays?: number;
  /** What the thread runs; another one only in tests. */
  readonly program?: URL;
}

/** Sources run the source, where Node reads it, else what was built of it; a bundle has it next to its own. */
const PROGRAM = new URL(
  !import.meta.url.endsWith('.ts')
    ? './sqlite-worker.js'
    : process.features.typescript
      ? './worker.ts'
      : '../../../dist/sqlite-worker.js',
  import.meta.url,
);

/** The store's thread, seen from the one that serves. */
export interface Thread {
  /** Rejects with a `StoreUnavailable` where there is no answer. */
  send<K extends CallName>(kind: K, fields: Omit<RequestOf<K>, 'kind'>): Promise<AnswerOf<K>>;
  /** Answers what was accepted, then ends the thread. May be called again. */
  close(): Promise<void>;
}

interface Waiting {
  readonly request: Request;
  readonly units: number;
  resolve(answer: AnswerOf<CallName>): void;
  reject(error: StoreUnavailable): void;
}

/** A request is one unit, and one more for every 4 KiB of its result. */
const UNIT_CHARACTERS = 4 * 1024;
/** So that one transaction stays short. */
const BATCH_UNITS = 512;
/** Beyond it calls are refused: memory is bounded, and nobody waits for long. */
const QUEUE_UNITS = 20_000;

/**
 * Starts the thread. What arrives while a batch is at work makes up the next one, sent when the answers are back; what
 * arrives while none is goes at once. A thread that died is started again by the next call.
 * @throws {StoreUnavailable} where the file cannot be used.
 */
export async function startThread(options: ThreadOptions): Promise<Thread> {
  const { path, clock, eventDays = 30, program = PROGRAM } = options;
  let queue: Waiting[] = [];
  let queuedUnits = 0;
  let inFlight: readonly Waiting[] = [];
  let worker: Worker | undefined;
  let ready = false;
  let pumpIsDue = false;
  let closing: Promise<void> | undefined;
  let drained: (() => void) | undefined;

  function start(): Promise<void> {
    const started = new Worker(program, { workerData: { path, eventDays } satisfies WorkerData });
    worker = started;
    return new Promise((resolve, reject) => {
      const died = (reason: string) => {
        reject(new StoreUnavailable(reason));
        if (worker === started) lose(reason);
      };
      started.on('message', (message: ToOwner) => {
        if (message === 'ready') {
          ready = true;
          resolve();
          pump();
        } else if ('refused' in message) died(message.refused);
        else settle(message.replies);
      });
      started.on('error', (error: Error) => {
        died(`The store's thread failed: ${error.message}`);
      });
      started.on('exit', () => {
        died("The store's thread ended.");
      });
    });
  }

  function lose(reason: string): void {
    worker = undefined;
    ready = false;
    const lost = [...inFlight, ...queue];
    inFlight = [];
    queue = [];
    queuedUnits = 0;
    for (const waiting of lost) waiting.reject(new StoreUnavailable(reason));
    drained?.();
  }

  function settle(replies: string): void {
    const answered = inFlight;
    inFlight = [];
    pump();
    parseReplies(replies).forEach((reply, index) => {
      if ('answer' in reply) answered[index]?.resolve(reply.answer);
      else answered[index]?.reject(new StoreUnavailable(reply.unavailable));
    });
  }

  function pump(): void {
    pumpIsDue = false;
    if (!ready || inFlight.length > 0) return;
    if (queue.length === 0) return drained?.();
    inFlight = takeBatch();
    const batch: Batch = { now: clock(), requests: inFlight.map(({ request }) => request) };
    worker?.postMessage({ batch: JSON.stringify(batch) } satisfies ToWorker);
  }

  function takeBatch(): readonly Waiting[] {
    let count = 0;
    let units = 0;
    for (const waiting of queue) {
      if (count > 0 && units + waiting.units > BATCH_UNITS) break;
      units += waiting.units;
      count += 1;
    }
    queuedUnits -= units;
    return queue.splice(0, count);
  }

  async function end(): Promise<void> {
    if (inFlight.length > 0 || queue.length > 0) await new Promise<void>((resolve) => (drained = resolve));
    const last = worker;
    if (last === undefined) return;
    worker = undefined;
    const exited = new Promise((resolve) => last.once('exit', resolve));
    last.postMessage('close' satisfies ToWorker);
    await exited;
  }

  await start();
  return {
    send<K extends CallName>(kind: K, fields: Omit<RequestOf<K>, 'kind'>): Promise<AnswerOf<K>> {
      const request = { ...fields, kind } as Request;
      const units = unitsOf(request);
      if (closing !== undefined) return Promise.reject(new StoreUnavailable('The store is closed.'));
      if (queuedUnits + units > QUEUE_UNITS) {
        return Promise.reject(new StoreUnavailable('The store has more to do than it can keep up with.'));
      }
      // Whoever waits is told by `lose`.
      if (worker === undefined) start().catch(() => undefined);
      return new Promise<AnswerOf<K>>((resolve, reject) => {
        queue.push({ request, units, resolve, reject });
        queuedUnits += units;
        if (!pumpIsDue && inFlight.length === 0) {
          // What one caller sends in one go, a batch request say, makes one transaction.
          pumpIsDue = true;
          queueMicrotask(pump);
        }
      });
    },
    close: () => (closing ??= end()),
  };
}

function unitsOf(request: Request): number {
  const characters = 'result' in request ? (request.result?.length ?? 0) : 0;
  return 1 + Math.floor(characters / UNIT_CHARACTERS);
}
