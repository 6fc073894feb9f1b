import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Clock } from '../../clock.ts';
import { threadProgram } from '../../thread-program.ts';
import { parseReplies, type Batch, type ToOwner, type ToWorker, type WorkerData } from './messages.ts';
import { createGroupQueue, type GroupQueue } from '../shared/group-queue.ts';
import type { Finding, StoreMetrics } from '../store.ts';
import type { Request } from '../shared/requests.ts';

export interface ThreadOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly advancesTime?: boolean;
  readonly onOpened?: (finding: Finding) => void;
  /** How many days events are kept. Default: 30. */
  readonly eventDays?: number;
  /** Whether the process may end while no request is open. Otherwise the thread keeps it running until closed. */
  readonly isBackground?: boolean;
  /** The program of the thread. Only tests set it. */
  readonly program?: URL;
  readonly metrics?: StoreMetrics | undefined;
}

/** So the thread finds the next batch as soon as it has ended a transaction, without waiting for the event loop of this thread. */
const BATCHES_AHEAD = 4;

const PROGRAM = threadProgram('store/sqlite/worker.ts', 'sqlite-worker.js');

/** A batch that the thread has not answered yet. */
interface BatchAtWork {
  /** How many requests are in it. */
  readonly size: number;
  answer(replies: string): void;
  fail(error: Error): void;
}

/**
 * Starts the thread of the store, and returns the queue in front of it. If the thread dies, the next batch starts it again.
 * @throws {StoreUnavailable} if the file cannot be used.
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
   * How far the time of the file was ahead of the clock when it was opened. The time of the store continues from there. The clock is
   * read after the time of the file, because other servers advance that time meanwhile.
   */
  let ahead = 0;

  function start(): Promise<Worker> {
    const workerData: WorkerData = { path, eventDays, advancesTime, now: clock() };
    // The process may have been started with code as text (`--input-type`), but the thread runs a file.
    const execArgv = process.execArgv.filter((each) => !each.startsWith('--input-type='));
    const started = new Worker(program, { workerData, execArgv });
    return new Promise((resolve, reject) => {
      let isDead = false;
      const died = (reason: string) => {
        // After an error the thread also exits. By then the next thread may already be running.
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

  /** Answers the oldest batches, which were in one transaction. */
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
