/** The thread that runs the tasks of large requests, one after the other, while the main thread answers all others. */
import { parentPort } from 'node:worker_threads';
import { tasks, type Tasks } from './tasks.ts';

export interface Task {
  readonly name: keyof Tasks;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Done = { readonly result: unknown } | { readonly failed: string };

function perform({ name, text, now }: Task): Done {
  try {
    return { result: tasks[name](text, now) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (task: Task) => parentPort?.postMessage(perform(task)));
