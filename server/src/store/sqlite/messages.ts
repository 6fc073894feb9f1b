import type { Finding } from '../store.ts';
import type { Reply, Request } from '../shared/requests.ts';

/** What a batch's JSON holds. JSON text crosses between threads at a third of the cost of the objects themselves. */
export interface Batch {
  /** The time when the batch was sent: the clock's, or what the file's has come to. */
  readonly now: number;
  readonly requests: readonly Request[];
}

/** What the thread is started with. */
export interface WorkerData {
  readonly path: string;
  readonly eventDays: number;
  readonly advancesTime: boolean;
  /** The clock's time when the thread was started. */
  readonly now: number;
}

/** `batch` is the JSON of a `Batch`. */
export type ToWorker = 'close' | { readonly batch: string };

/** First `opened`, where there is something to say, then `now`, the file's time, and `ready`, or `refused`; then the JSON of a `Reply[]` for each batch, in order, those of a transaction together. */
export type ToOwner =
  | 'ready'
  | { readonly opened: Finding }
  | { readonly now: number }
  | { readonly refused: string }
  | { readonly replies: readonly string[] };

export function parseBatch(json: string): Batch {
  return JSON.parse(json) as Batch;
}

export function parseReplies(json: string): readonly Reply[] {
  return JSON.parse(json) as readonly Reply[];
}
