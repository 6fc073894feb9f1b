import type { EventType, KeyEvent } from '../claims/events.ts';

/** The most hooks of one tenant. */
export const MAX_HOOKS = 100;
/** The most deliveries that may wait for one hook. With more, the hook is disabled. */
export const MAX_WAITING = 100_000;

/** A subscription to events. It does not contain the secret, so that no list can show it. */
export interface Hook {
  readonly id: string;
  readonly url: string;
  /** At least one. */
  readonly events: readonly EventType[];
  /** Only keys of this job, which begin with its name and a colon. */
  readonly job: string | null;
  readonly createdAt: number;
  readonly disabledAt: number | null;
  /** A sentence; null if the hook is not disabled. */
  readonly disabledReason: string | null;
}

export interface NewHook extends Pick<Hook, 'id' | 'url' | 'events' | 'job'> {
  readonly tenant: string;
  /** The id of the API key. */
  readonly createdBy: string;
  readonly secret: string;
}

/** The hooks of a tenant: all, or only those that one API key created. */
export interface HookOwner {
  readonly tenant: string;
  readonly createdBy: string | null;
}

/** The delivery of one event to one hook, as the log of the hook shows it. */
export interface Delivery {
  readonly eventId: number;
  readonly eventType: EventType;
  readonly key: string;
  readonly at: number;
  readonly attempts: number;
  /** Null if the delivery is over, or if an earlier event of the same key must be delivered first. */
  readonly nextAt: number | null;
  readonly deliveredAt: number | null;
  /** The status of the last answer. */
  readonly statusCode: number | null;
  /** Why the last attempt failed; null if it did not. */
  readonly error: string | null;
}

/** A delivery to be sent now. */
export interface DueDelivery {
  readonly hook: Pick<Hook, 'id' | 'url'> & {
    readonly secret: string;
    /** Identifies the tenant, but is not necessarily its name. */
    readonly tenant: string;
  };
  readonly event: Omit<KeyEvent, 'by'>;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
}

/** How many deliveries may be under way at once; see `createSlots`. */
export interface DueQuery {
  readonly limit: number;
  readonly perHook: number;
  readonly perTenant: number;
  /** The hook of each delivery that the caller is still sending. */
  readonly busy: readonly Pick<DueDelivery['hook'], 'id' | 'tenant'>[];
  /** The ids of hooks whose last attempt failed. */
  readonly failing: readonly string[];
  /** For how long nobody else gets these deliveries. */
  readonly leaseMs: number;
}

/** The outcome of an attempt. */
export type Settled =
  | { readonly outcome: 'delivered'; readonly statusCode: number }
  | {
      readonly outcome: 'retry';
      readonly afterMs: number;
      readonly statusCode: number | null;
      readonly error: string;
    }
  | {
      /** The delivery is given up, and the hook disabled for `reason`. */
      readonly outcome: 'disable';
      readonly reason: string;
      readonly statusCode: number | null;
      readonly error: string;
    };

/** Hooks and their deliveries. What a hook wants is stored in the transaction of the event; the delivery follows soon. */
export interface HookStore {
  create(
    hook: NewHook,
  ): Promise<{ readonly outcome: 'created'; readonly hook: Hook } | { readonly outcome: 'too_many' }>;
  /** The oldest first. */
  list(owner: HookOwner): Promise<readonly Hook[]>;
  /** Returns whether there was such a hook. Its waiting deliveries are dropped. */
  remove(hook: HookOwner & { readonly id: string }): Promise<boolean>;
  /** The newest event first; null if there is no such hook. */
  deliveries(
    query: HookOwner & { readonly id: string; readonly limit: number },
  ): Promise<readonly Delivery[] | null>;
  /**
   * Leases due deliveries to this caller alone. For one hook and key, only the earliest event is given out; the next is due when
   * that one is settled as delivered. Hooks take turns, and tenants share the slots.
   */
  due(query: DueQuery): Promise<readonly DueDelivery[]>;
  /** Stores the outcome of an attempt. Does nothing if the delivery is already over, or its hook was removed. */
  settle(delivery: { readonly hookId: string; readonly eventId: number } & Settled): Promise<void>;
}
