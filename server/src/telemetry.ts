import type { IncomingHttpHeaders } from 'node:http';
import type { ClaimOutcome, LockOutcome } from './claims/commands.ts';
import type { Settled } from './hooks/hook-store.ts';
import type { StoreMetrics } from './store/store.ts';

/** The results of claims. `reentrant`: the holder found its own lease. `locked` and `duplicate` are those of check-lock. */
export const CLAIM_RESULTS = [
  'acquired',
  'reentrant',
  'in_progress',
  'completed',
  'failed',
  'unresolved',
  'exhausted',
  'fingerprint_mismatch',
  'busy',
  'stale',
  'group_mismatch',
  'sequence_ahead',
  'sequence_kind',
  'locked',
  'duplicate',
] as const satisfies readonly (ClaimOutcome['outcome'] | LockOutcome['outcome'] | 'reentrant')[];

export type ClaimResult = (typeof CLAIM_RESULTS)[number];

/** The result of a claim. A holder that finds its own lease has acquired nothing new. */
export function resultOfClaim(outcome: ClaimOutcome): ClaimResult {
  return outcome.outcome === 'acquired' && outcome.reentrant ? 'reentrant' : outcome.outcome;
}

/** Must be called with the status of an answer, and how long it took. */
export type Answered = (status: number, milliseconds: number) => void;

/**
 * Measures a server for Prometheus. Each server has its own, so that several can run in one process. A claim only increments
 * existing counters, so it never waits for metrics, and no key becomes a label.
 */
export interface Metrics {
  readonly claimed: (result: ClaimResult) => void;
  /** Must be called once for each route. */
  readonly answers: (method: string, route: string) => Answered;
  readonly delivered: (outcome: Settled['outcome']) => void;
  readonly died: (runs: number) => void;
  readonly store: StoreMetrics;
  /** All metrics, including those of the process, in the text format of Prometheus. */
  expose(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** Sends a span for each request to an OpenTelemetry collector. No request waits for it. */
export interface Tracing {
  /** Starts the span of a request, as a child of the one in the header `traceparent`, if there is one. */
  begin(method: string, route: string, headers: IncomingHttpHeaders): RequestSpan;
  /** Sends the remaining spans. Takes a few seconds at most. */
  close(): Promise<void>;
}

export interface RequestSpan {
  /** Adds the result of a claim. */
  claimed(result: string): void;
  /** Ends the span with the status of the answer; null if the caller had gone. */
  end(status: number | null): void;
}
