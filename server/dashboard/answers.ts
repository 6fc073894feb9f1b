/* What the dashboard reads of the server's answers; /openapi.json describes them. */

export interface Account {
  readonly tenant: string;
  readonly key_id: string;
  readonly durability: string;
}

export type EventType =
  | 'claimed'
  | 'duplicate'
  | 'taken_over'
  | 'completed'
  | 'failed'
  | 'exhausted'
  | 'unresolved'
  | 'released'
  | 'resolved'
  | 'run_died'
  | 'stale'
  | 'watched';

/** Where a run is, as far as its claim said. */
export interface Place {
  readonly platform: string | null;
  readonly workflow: string | null;
}

/** Which run, and where people see it. */
export interface OfRun extends Place {
  readonly run: string | null;
  readonly run_url: string | null;
}

export interface EventItem extends OfRun {
  readonly id: string;
  readonly at: string;
  readonly type: EventType;
  readonly key: string;
  readonly job: string | null;
  readonly attempt: number;
  readonly error_code: string | null;
  readonly by: string | null;
}

export interface DayMetrics {
  readonly from_day: string;
  readonly to_day: string;
  readonly items: readonly {
    readonly day: string;
    readonly counts: Readonly<Partial<Record<EventType, number>>>;
  }[];
}

export interface JobCounts {
  readonly since: string | null;
  readonly items: readonly (Place & { readonly job: string | null; readonly count: number })[];
}

/** What is known of any key. */
interface OfKey {
  readonly key: string;
  readonly status: 'in_progress' | 'completed' | 'failed' | 'released';
  readonly exhausted: boolean;
  readonly unresolved: boolean;
  readonly version: number;
  readonly attempt: number;
  readonly error_code: string | null;
  readonly first_seen_at: string;
  readonly expires_at: string | null;
  readonly done_at: string | null;
}

export interface KeyItem extends OfKey, OfRun {
  readonly claimed_at: string;
  readonly expires_at: string;
  /** Its run died, and the next one takes over. */
  readonly has_died: boolean;
}

export interface KeyStatus extends OfKey {
  /** Of a run at work: seconds until another may take over. */
  readonly ttl_left: number | null;
}
