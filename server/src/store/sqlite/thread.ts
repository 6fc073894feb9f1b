import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Clock } from '../../clock.ts';
import { parseReplies, type Batch, type ToOwner, type ToWorker, type WorkerData } from './messages.ts';
import { createGroupQueue, type GroupQueue } from '../shared/group-queue.ts';
import type { Finding, StoreMetrics } from '../store.ts';
import type { Request } from '../shared/requests.ts';

export interface ThreadOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly advancesTime?: boolean;
  readonly onOpened?: (finding: Finding) => void;
  /** How long events are kept, in days; 30 if not said. */
  readonly eventDays?: number;
  /** Whether the process may end while nothing is asked of the store; otherwise the thread keeps it running until closed. */
  readonly isBackground?: boolean;
  /** What the thread runs; another one only in tests. */
  readonly program?: URL;
  readonly metrics?: StoreMetrics | undefined;
}

/** The thread finds work where it has ended a transaction, without a turn of this one's event loop in between. */
const BATCHES_AHEAD = 4;

/** Sources run the source, where Node reads it, else what was built of it; a bundle has it next to its own. */
const PROGRAM = new URL(
  !import.meta.url.endsWith('.ts')
    ? './sqlite-worker.js'
    : process.features.typescript
      ? './worker.ts'
      : '../../../dist/sqlite-worker.js',
  import.meta.url,
);

/** One that the thread has, and has not answered yet. */
interface BatchAtWork {
  /** How many requests it has. */
  readonly size: number;
  answer(replies: string): void;
  fail(error: Error): void;
}

/**
 * Starts the store's thread: the queue in front of it. A thread that died is started again by the next batch.
 * @throws {StoreUnavailable} where the file cannot be used.
 */
export async function startThread(options: ThreadOptions): Promise<GroupQueue> {
  const {
    path,
    clock,
    eventDays = 30,
    advancesTime = true,
    isBackground = false,
    program = PROGRAM,
    metrics,
  } = options;
  let worker: Worker | undefined;
  let starting: Promise<Worker> | undefined;
  const atWork: BatchAtWork[] = [];
  /**
   * How far the file was ahead of the clock when it was opened: its time goes on from there, it is never waited for. The clock
   * is read after the file's time, which other servers move on: read before, it would seem to be behind.
   */
  let ahead = 0;

  function start(): Promise<Worker> {
    const workerData: WorkerData = { path, eventDays, advancesTime, now: clock() };
    // The thread runs a file, also where the process was started with a text.
    const execArgv = process.execArgv.filter((each) => !each.startsWith('--input-type='));
    const started = new Worker(program, { workerData, execArgv });
    return new Promise((resolve, reject) => {
      let isDead = false;
      const died = (reason: string) => {
        // An error is followed by the exit, when another thread may be at work already.
        if (isDead) return;
        isDead = true;
        worker = undefined;
        starting = undefined;
        const error = new StoreUnavailable(reason);
        reject(error);
        for (const batch of atWork.splice(0)) batch.fail(error);
      };
      started.on('message', (message: ToOwner) => {
        if (message === 'ready') {
          worker = started;
          if (isBackground && atWork.length === 0) started.unref();
          resolve(started);
        } else if ('now' in message) ahead = Math.max(0, message.now - clock());
        else if ('opened' in message) options.onOpened?.(message.opened);
        else if ('refused' in message) died(message.refused);
        else answer(message.replies);
      });
      started.on('error', (error: Error) => {
        died(`The store's thread failed: ${error.message}`);
      });
      started.on('exit', () => {
        died("The store's thread ended.");
      });
    });
  }

  /** Of one transaction: the oldest batches that are out. */
  function answer(replies: readonly string[]): void {
    const batches = atWork.splice(0, replies.length);
    metrics?.grouped(batches.reduce((sum, { size }) => sum + size, 0));
    batches.forEach((batch, index) => {
      batch.answer(replies[index] ?? '[]');
    });
    if (isBackground && atWork.length === 0) worker?.unref();
  }

  async function run(requests: readonly Request[]) {
    const thread = worker ?? (await (starting ??= start()));
    if (isBackground) thread.ref();
    const replies = await new Promise<string>((answer, fail) => {
      atWork.push({ size: requests.length, answer, fail });
      const batch: Batch = { now: clock() + ahead, requests };
      thread.postMessage({ batch: JSON.stringify(batch) } satisfies ToWorker);
    });
    return () => parseReplies(replies);
  }

  async function end(): Promise<void> {
    await queue.close();
    const last = worker;
    if (last === undefined) return;
    last.ref();
    const exited = new Promise((resolve) => last.once('exit', resolve));
    last.postMessage('close' satisfies ToWorker);
    await exited;
  }

  await (starting = start());
  const queue = createGroupQueue({ run, ahead: BATCHES_AHEAD, metrics });
  let closing: Promise<void> | undefined;
  return { ...queue, close: () => (closing ??= end()) };
}
