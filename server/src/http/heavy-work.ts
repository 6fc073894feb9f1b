import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { createTenantLines, type InLine } from '../store/shared/tenant-lines.ts';
import { AT_ONCE, heavy, type Heavy } from './heavy.ts';
import type { Done, Task } from './heavy-thread.ts';

/** Does what takes long where the text is large on a thread of its own; tenants take turns there. */
export interface HeavyWork {
  /** Rejects where the work throws, or the thread dies of it. */
  run<Name extends keyof Heavy>(tenant: string, name: Name, text: string): Promise<ReturnType<Heavy[Name]>>;
  close(): Promise<void>;
}

interface Waiting extends InLine {
  readonly task: Task;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Sources run the source, where Node reads it, else what was built of it; a bundle has it next to its own. */
const PROGRAM = new URL(
  !import.meta.url.endsWith('.ts')
    ? './heavy-thread.js'
    : process.features.typescript
      ? './heavy-thread.ts'
      : '../../dist/heavy-thread.js',
  import.meta.url,
);

/**
 * The thread starts with the first large text, and again after one that it died of. Another `program` runs there only in
 * tests.
 */
export function createHeavyWork(clock: Clock, program = PROGRAM): HeavyWork {
  const lines = createTenantLines<Waiting>();
  let thread: Worker | undefined;
  let atWork: Waiting | undefined;

  function start(): Worker {
    const started = new Worker(program);
    // It keeps no process alive: whoever waits for an answer has a connection.
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
    atWork = lines.peek();
    if (atWork === undefined) return;
    lines.take();
    thread ??= start();
    thread.postMessage(atWork.task);
  }

  return {
    async run<Name extends keyof Heavy>(tenant: string, name: Name, text: string) {
      const now = clock();
      type Result = ReturnType<Heavy[Name]>;
      if (text.length <= AT_ONCE) return heavy[name](text, now) as Result;
      return new Promise<Result>((resolve, reject) => {
        const settled = {
          resolve: (result: unknown) => {
            resolve(result as Result);
          },
          reject,
        };
        lines.add({ tenant, units: 1, task: { name, text, now }, ...settled });
        next();
      });
    },
    async close() {
      await thread?.terminate();
    },
  };
}
