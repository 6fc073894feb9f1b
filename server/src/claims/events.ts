import { plainText } from '@onceonly/shared/named-key.ts';
import { type Origin, shownOrigin } from '@onceonly/shared/origin.ts';
import type { Claim, ClaimAnswer } from './commands.ts';
import type { ClaimRecord } from './record.ts';

/**
 * What happens to a key, and how often an event says so:
 * - Each claim has one: `claimed`, `taken_over`, or why it was stopped: `duplicate` (also while a person is waited for),
 *   `stale` (a newer change is completed), `exhausted` (no attempt is left, so nobody works on the event any more).
 * - A claim has none where it found its own lease, waits for its group, or asks again later: it is not stopped yet.
 * - A claim that only watches has `watched` where it would have been stopped.
 * - Each end of a lease has one, once. A lease that ended without one has `run_died`, once, when that is noticed.
 * - `unresolved` comes once, with `run_died`, or with the claim whose own `block` made a person have to decide.
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

/** One outcome of one key. */
export interface KeyEvent {
  /** Grows with time within a store. */
  readonly id: number;
  readonly at: number;
  readonly type: EventType;
  readonly key: string;
  readonly run: string | null;
  /** Where the run is: the JSON text of an `Origin`. */
  readonly origin: string | null;
  readonly attempt: number;
  /** Of the key: its first claim that is remembered. */
  readonly firstSeenAt: number;
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

export interface EventQuery {
  readonly tenant: string;
  readonly limit: number;
  /** All types if not said. */
  readonly type?: EventType | null;
  /** Only keys that begin with it and a colon. */
  readonly job?: string | null;
  /** Only this key, among all events that are kept. */
  readonly key?: string | null;
}

/** Where a run is, as far as it is known. */
export interface Where {
  readonly platform: string | null;
  readonly workflow: string | null;
}

/** How often one type was told of the keys of each job, by where their runs are. */
export interface JobCounts {
  /** How far back the look went; null where nothing happened yet. */
  readonly sinceAt: number | null;
  /** The most first; `job` is null for keys without one, the others where it is not known. */
  readonly jobs: readonly (Where & { readonly job: string | null; readonly count: number })[];
}

export interface JobQuery {
  readonly tenant: string;
  readonly type: EventType;
  /** At most so many jobs. */
  readonly limit: number;
}

/**
 * What happened, append-only per tenant, for as many days as the store is told. Best effort: events decide nothing, no
 * claim waits for one, and the last moments before a crash may be missing. Two are sure, since they are written with
 * what they tell of, and with the deliveries to hooks: `resolved` and `run_died`.
 */
export interface EventLog {
  /** The newest first. With `type` or `job`, only so far back as a bounded look takes. */
  recent(query: EventQuery): Promise<readonly KeyEvent[]>;
  /** Both days included, `YYYY-MM-DD`. */
  metrics(query: { tenant: string; fromDay: string; toDay: string }): Promise<readonly DayCount[]>;
  /** By job, so far back as a bounded look takes. */
  jobs(query: JobQuery): Promise<JobCounts>;
}

/** Whether an event's key is of a job: begins with it and a colon. Every one is, where no job is named. */
export function ofJob({ key }: Pick<KeyEvent, 'key'>, job: string | null): boolean {
  return job === null || key.startsWith(`${job}:`);
}

/** The job of a key: what stands before its first colon; null where there is none. */
export function jobOf(key: string): string | null {
  const colon = key.indexOf(':');
  return colon < 0 ? null : key.slice(0, colon);
}

/** What is told of a claim that found `before` and was answered so; undefined: nothing. */
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
      // A record that was forgotten in progress starts anew: its attempt is the first again.
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
 * Whether it is this claim that made a person have to decide: by its own `block`, after the death was told as one that
 * the next run takes over. Otherwise whoever tells of the death tells of this as well.
 */
const asksAPerson = (before: ClaimRecord | undefined): boolean =>
  before?.onExpired === 'retry' && before.deathReported;

/** Where a run is, as it leaves the server: of the JSON text of an `Origin`. */
export function whereOf(origin: string | null): Where & { readonly run_url: string | null } {
  const { platform = null, workflow = null, url = null } = read(origin);
  return { platform, workflow, run_url: url };
}

const read = (origin: string | null): Partial<Origin> =>
  origin === null ? {} : (JSON.parse(origin) as Origin);

/** An event as it leaves the server: an item of `/v1/events`, and what a hook is told. */
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
