import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { threadProgram } from '../thread-program.ts';
import { createFairQueue, type Queued } from '../store/shared/fair-queue.ts';
import { INLINE_CHARACTERS, tasks, type Tasks } from './tasks.ts';
import type { Done, Task } from './task-thread.ts';

/** Runs the tasks of large requests in a worker thread, where tenants take turns, and those of small ones directly. */
export interface TaskRunner {
  /** Rejects if the task throws, or if the thread dies of it. */
  run<Name extends keyof Tasks>(tenant: string, name: Name, text: string): Promise<ReturnType<Tasks[Name]>>;
  close(): Promise<void>;
}

interface Waiting extends Queued {
  readonly task: Task;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const PROGRAM = threadProgram('http/task-thread.ts', 'task-thread.js');

/**
 * The thread starts with the first large text, and again after it has died. Tests pass another `program`.
 */
export function createTaskRunner(clock: Clock, program = PROGRAM): TaskRunner {
  const queue = createFairQueue<Waiting>();
  let thread: Worker | undefined;
  let atWork: Waiting | undefined;

  function start(): Worker {
    const started = new Worker(program);
    // The thread alone need not keep the process alive: a caller that waits has an open connection, which does.
    started.unref();
    started.on('message', (done: Done) => {
      settle((waiting) => {
        if ('result' in done) waiting.resolve(done.result);
        else waiting.reject(new Error(done.failed));
      });
    });
    let reason = 'The thread for large requests ended.';
    started.on('error', (error: Error) => {
      reason = `The thread for large requests failed: ${error.message}`;
    });
    started.on('exit', () => {
      thread = undefined;
      settle((waiting) => {
        waiting.reject(new Error(reason));
      });
    });
    return started;
  }

  function settle(end: (waiting: Waiting) => void): void {
    const ended = atWork;
    atWork = undefined;
    if (ended !== undefined) end(ended);
    next();
  }

  function next(): void {
    if (atWork !== undefined) return;
    atWork = queue.peek();
    if (atWork === undefined) return;
    queue.take();
    thread ??= start();
    thread.postMessage(atWork.task);
  }

  return {
    async run<Name extends keyof Tasks>(tenant: string, name: Name, text: string) {
      const now = clock();
      type Result = ReturnType<Tasks[Name]>;
      if (text.length <= INLINE_CHARACTERS) return tasks[name](text, now) as Result;
      return new Promise<Result>((resolve, reject) => {
        const settled = {
          resolve: (result: unknown) => {
            resolve(result as Result);
          },
          reject,
        };
        queue.add({ tenant, units: 1, task: { name, text, now }, ...settled });
        next();
      });
    },
    async close() {
      await thread?.terminate();
    },
  };
}
