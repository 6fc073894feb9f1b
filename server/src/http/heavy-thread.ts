/** The thread that works on large requests, one after the other, while the server's own answers all others. */
import { parentPort } from 'node:worker_threads';
import { heavy, type Heavy } from './heavy.ts';

export interface Task {
  readonly name: keyof Heavy;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Done = { readonly result: unknown } | { readonly failed: string };

function perform({ name, text, now }: Task): Done {
  try {
    return { result: heavy[name](text, now) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (task: Task) => parentPort?.postMessage(perform(task)));
