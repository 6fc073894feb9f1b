import type { Settled } from '../hooks/hook-store.ts';
import type { StoreWatch } from '../store/store.ts';
import type { Told } from './told.ts';

/** Told of an answer: its status, and how long it took. */
export type Answered = (status: number, milliseconds: number) => void;

/**
 * Counts what a server does, for Prometheus. One for a server, so that several in one process do not collide. What is
 * told of a claim are additions to numbers that are there already: no claim waits, and none has a label of its own.
 */
export interface Metrics {
  readonly claimed: (told: Told) => void;
  /** To be called once a route. */
  readonly answers: (method: string, route: string) => Answered;
  readonly delivered: (outcome: Settled['outcome']) => void;
  readonly died: (runs: number) => void;
  readonly store: StoreWatch;
  /** All numbers, those of the process included, in Prometheus's text format. */
  expose(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** Its library is loaded only where somebody measures. `store`: the scheme of the store's URL, a label of latencies. */
export async function openMetrics(store: string): Promise<Metrics> {
  return (await import('./prometheus.ts')).createMetrics(store);
}
