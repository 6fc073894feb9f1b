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

export interface EventItem {
  readonly id: string;
  readonly at: string;
  readonly type: EventType;
  readonly key: string;
  readonly run: string | null;
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
  readonly items: readonly { readonly job: string | null; readonly count: number }[];
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

export interface KeyItem extends OfKey {
  readonly run: string | null;
  readonly claimed_at: string;
  readonly expires_at: string;
}

export type KeyStatus = OfKey;

export interface KeyResult {
  readonly result: unknown;
}
