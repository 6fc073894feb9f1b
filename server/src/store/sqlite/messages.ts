import type { Finding } from '../store.ts';
import type { Reply, Request } from '../shared/requests.ts';

/** A batch, sent as JSON text. Sending text between threads costs a third of sending objects. */
export interface Batch {
  /** The time of the store when the batch was sent. */
  readonly now: number;
  readonly requests: readonly Request[];
}

/** What the thread gets when it starts. */
export interface WorkerData {
  readonly path: string;
  readonly eventDays: number;
  readonly advancesTime: boolean;
  /** The time of the clock when the thread was started. */
  readonly now: number;
}

/** `batch` is the JSON of a `Batch`. */
export type ToWorker = 'close' | { readonly batch: string };

/**
 * At the start: `opened` if there is a finding, then `now`, the time of the file, and `ready`; or `refused`. After that, one message
 * for each transaction, with the JSON of a `Reply[]` for each of its batches, in order.
 */
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
