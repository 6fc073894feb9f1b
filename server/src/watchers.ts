import type { IncomingHttpHeaders } from 'node:http';
import type { ClaimOutcome, LockOutcome } from './claims/commands.ts';
import type { Settled } from './hooks/hook-store.ts';
import type { StoreWatch } from './store/store.ts';

/** What came of a claim; `reentrant` where a holder found its own lease, `locked` and `duplicate` of check-lock. */
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

/** A holder that finds its own lease acquires nothing. */
export function resultOfClaim(outcome: ClaimOutcome): ClaimResult {
  return outcome.outcome === 'acquired' && outcome.reentrant ? 'reentrant' : outcome.outcome;
}

/** To be called with an answer's status, and how long it took. */
export type Answered = (status: number, milliseconds: number) => void;

/**
 * Counts what a server does, for Prometheus. One for a server, so that several in one process do not collide. What is
 * told of a claim are additions to numbers that are there already: no claim waits, and none has a label of its own.
 */
export interface Metrics {
  readonly claimed: (result: ClaimResult) => void;
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

/** Sends a span for each request to a collector of OpenTelemetry; no request waits for that. */
export interface Tracing {
  /** A request came; its span is a child of the one that the caller names in `traceparent`. */
  begin(method: string, route: string, headers: IncomingHttpHeaders): RequestSpan;
  /** Sends what was not sent, for a few seconds at most. */
  close(): Promise<void>;
}

export interface RequestSpan {
  /** What came of a claim. */
  claimed(result: string): void;
  /** Answered; null where the caller was gone before. */
  end(status: number | null): void;
}
