export const EVENT_TYPES = [
  'claimed',
  'duplicate',
  'taken_over',
  'completed',
  'failed',
  'exhausted',
  'unresolved',
  'released',
  'resolved',
  'run_died',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** One outcome of one key. */
export interface KeyEvent {
  /** Grows with time within a store. */
  readonly id: number;
  readonly at: number;
  readonly type: EventType;
  readonly key: string;
  readonly run: string | null;
  readonly attempt: number;
  /** Of `released` and `resolved`: the reason given. */
  readonly errorCode: string | null;
  /** Of `resolved`: the API key's id that decided. */
  readonly by: string | null;
}

/** A day's count of one type, UTC. */
export interface DayCount {
  /** `2026-11-25` */
  readonly day: string;
  readonly type: EventType;
  readonly count: number;
}

/**
 * What happened, append-only per tenant, for 30 days. Best effort: events decide nothing, no claim waits for one, and
 * the last moments before a crash may be missing. `resolved` alone is sure: it is written with what it tells of.
 */
export interface EventLog {
  /** The newest first. */
  recent(query: { tenant: string; limit: number }): Promise<readonly KeyEvent[]>;
  /** Both days included, `YYYY-MM-DD`. */
  metrics(query: { tenant: string; fromDay: string; toDay: string }): Promise<readonly DayCount[]>;
}
