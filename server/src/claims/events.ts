import { plainText } from '@onceonly/shared/named-key.ts';
import { type Origin, shownOrigin } from '@onceonly/shared/origin.ts';
import type { Claim, ClaimAnswer } from './commands.ts';
import type { ClaimRecord } from './record.ts';

/**
 * What can happen to a key, and when an event is written:
 * - A claim writes one: `claimed` or `taken_over`, or the reason why it was stopped: `duplicate` (also while the key waits for a
 *   person), `stale` (a newer change was completed), `exhausted` (no attempt is left, so nobody will do this work).
 * - A claim writes none if it found its own lease, waits for its group, or will ask again later: it is not stopped yet.
 * - A claim that only watches writes `watched` where it would have been stopped.
 * - The end of a lease writes one, once. A lease that expires instead has `run_died`, once, when that is noticed.
 * - `unresolved` is written once: with `run_died`, or with the claim whose `block` made a decision by a person necessary.
 */
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
  'stale',
  'watched',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** One thing that happened to one key. */
export interface KeyEvent {
  /** Later events of a store have higher ids. */
  readonly id: number;
  readonly at: number;
  readonly type: EventType;
  readonly key: string;
  readonly run: string | null;
  /** Where the run is: an `Origin` as JSON. */
  readonly origin: string | null;
  readonly attempt: number;
  /** When the key was first claimed, as far as it is remembered. */
  readonly firstSeenAt: number;
  /** For `released` and `resolved`, the reason that was given. */
  readonly errorCode: string | null;
  /** For `resolved`, the id of the API key that decided. */
  readonly by: string | null;
}

/** How many events of one type there were on one day (UTC). */
export interface DayCount {
  /** Such as `2026-11-25`. */
  readonly day: string;
  readonly type: EventType;
  readonly count: number;
}

export interface EventQuery {
  readonly tenant: string;
  readonly limit: number;
  /** The newest that are left out. Default: 0. */
  readonly offset?: number;
  /** Default: all types. */
  readonly type?: EventType | null;
  /** Only keys that begin with this name and a colon. */
  readonly job?: string | null;
  /** Only this key. All events that are kept are searched. */
  readonly key?: string | null;
}

/** Where a run is. Null: not known. */
export interface Where {
  readonly platform: string | null;
  readonly workflow: string | null;
}

/** How many events of one type there were for each job and each place where its runs are. */
export interface JobCounts {
  /** The time of the oldest event that was counted; null if there is no event yet. */
  readonly sinceAt: number | null;
  /** The highest count first. `job` is null for keys without a job. */
  readonly jobs: readonly (Where & { readonly job: string | null; readonly count: number })[];
}

export interface JobQuery {
  readonly tenant: string;
  readonly type: EventType;
  /** The most jobs to return. */
  readonly limit: number;
}

/**
 * What happened, append-only per tenant, kept for as many days as configured. Events are best effort: no decision depends on them,
 * no claim waits for one, and those of the last moments before a crash may be missing. Only `resolved` and `run_died` are never
 * lost, because they are written in the same transaction as the change and the deliveries to hooks.
 */
export interface EventLog {
  /** The newest first. With `type` or `job`, only a bounded number of recent events is searched. */
  recent(query: EventQuery): Promise<readonly KeyEvent[]>;
  /** From `fromDay` to `toDay`, both included, as `YYYY-MM-DD`. */
  metrics(query: { tenant: string; fromDay: string; toDay: string }): Promise<readonly DayCount[]>;
  /** By job, among a bounded number of recent events. */
  jobs(query: JobQuery): Promise<JobCounts>;
}

/** Whether the key of an event belongs to a job: it begins with the name and a colon. If no job is given, every key does. */
export function ofJob({ key }: Pick<KeyEvent, 'key'>, job: string | null): boolean {
  return job === null || key.startsWith(`${job}:`);
}

/** The job of a key: the part before its first colon; null without a colon. */
export function jobOf(key: string): string | null {
  const colon = key.indexOf(':');
  return colon < 0 ? null : key.slice(0, colon);
}

/** The event of a claim that found the record `before` and got this answer. Undefined: none. */
export function claimEvent(
  claim: Pick<Claim, 'triesAgain' | 'watch'>,
  answer: ClaimAnswer,
  before: ClaimRecord | undefined,
): EventType | undefined {
  const type = eventOf(claim, answer, before);
  const wouldStop = type === 'duplicate' || type === 'stale' || type === 'exhausted';
  return wouldStop && claim.watch === true ? 'watched' : type;
}

function eventOf(
  claim: Pick<Claim, 'triesAgain'>,
  answer: ClaimAnswer,
  before: ClaimRecord | undefined,
): EventType | undefined {
  switch (answer.outcome) {
    case 'acquired':
      if (answer.reentrant) return undefined;
      // If the earlier record had expired and was forgotten, the attempts start at 1 again, so nothing was taken over.
      return before?.state === 'in_progress' && answer.record.attempt > 1 ? 'taken_over' : 'claimed';
    case 'unresolved':
      return asksAPerson(before) ? 'unresolved' : 'duplicate';
    case 'exhausted':
      return 'exhausted';
    case 'in_progress':
      return claim.triesAgain === true ? undefined : 'duplicate';
    case 'completed':
    case 'failed':
      return 'duplicate';
    case 'stale':
      return 'stale';
    case 'busy':
    case 'fingerprint_mismatch':
    case 'group_mismatch':
    case 'sequence_ahead':
    case 'sequence_kind':
      return undefined;
  }
}

/**
 * Whether this claim made a decision by a person necessary. That is so if it brought the `block`, after the death of the run
 * was already reported. In all other cases the `unresolved` event is written together with the report of the death.
 */
const asksAPerson = (before: ClaimRecord | undefined): boolean =>
  before?.onExpired === 'retry' && before.deathReported;

/** Where a run is, as the API shows it. `origin`: an `Origin` as JSON. */
export function whereOf(origin: string | null): Where & { readonly run_url: string | null } {
  const { platform = null, workflow = null, url = null } = read(origin);
  return { platform, workflow, run_url: url };
}

const read = (origin: string | null): Partial<Origin> =>
  origin === null ? {} : (JSON.parse(origin) as Origin);

/** An event as `/v1/events` and the messages to hooks show it. */
export function shownEvent(event: Omit<KeyEvent, 'by'>) {
  const { id, at, type, key, run, origin, attempt, firstSeenAt, errorCode } = event;
  return {
    id: String(id),
    at: new Date(at).toISOString(),
    type,
    job: jobOf(key),
    event_key: key.slice(key.indexOf(':') + 1),
    key,
    shown_key: plainText(key),
    run,
    ...whereOf(origin),
    shown_where: origin === null ? null : shownOrigin(JSON.parse(origin) as Origin),
    attempt,
    first_seen_at: new Date(firstSeenAt).toISOString(),
    error_code: errorCode,
  };
}
