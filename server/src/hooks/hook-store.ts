import type { EventType, KeyEvent } from '../claims/events.ts';

/** Hooks that one tenant may have. */
export const MAX_HOOKS = 100;
/** Deliveries that may wait for one hook; at more it is disabled. */
export const MAX_WAITING = 100_000;

/** Whom to tell of what. Its secret is not in here, so that no list shows it. */
export interface Hook {
  readonly id: string;
  readonly url: string;
  /** At least one. */
  readonly events: readonly EventType[];
  /** Only keys of this job: those that begin with it and a colon. */
  readonly job: string | null;
  readonly createdAt: number;
  readonly disabledAt: number | null;
  /** A sentence, once disabled. */
  readonly disabledReason: string | null;
}

export interface NewHook extends Pick<Hook, 'id' | 'url' | 'events' | 'job'> {
  readonly tenant: string;
  /** The API key's id. */
  readonly createdBy: string;
  readonly secret: string;
}

/** Which hooks are meant: all of a tenant, or those that one API key made. */
export interface HookOwner {
  readonly tenant: string;
  readonly createdBy: string | null;
}

/** An event on its way to a hook: one line of the log. */
export interface Delivery {
  readonly eventId: number;
  readonly eventType: EventType;
  readonly key: string;
  readonly at: number;
  readonly attempts: number;
  /** Null where it is over, or where an earlier event of the same key comes first. */
  readonly nextAt: number | null;
  readonly deliveredAt: number | null;
  /** Of the last attempt that was answered. */
  readonly statusCode: number | null;
  /** Of the last attempt, if it failed. */
  readonly error: string | null;
}

/** A delivery that is handed out to be sent now. */
export interface DueDelivery {
  readonly hook: Pick<Hook, 'id' | 'url'> & {
    readonly secret: string;
    /** Tells tenants apart; need not be the tenant's name. */
    readonly tenant: string;
  };
  readonly event: Omit<KeyEvent, 'by'>;
  /** This one included. */
  readonly attempt: number;
}

/** How much may be on its way at once; see `createSlots`. */
export interface DueQuery {
  readonly limit: number;
  readonly perHook: number;
  readonly perTenant: number;
  /** The hook of each delivery that the caller still sends. */
  readonly busy: readonly Pick<DueDelivery['hook'], 'id' | 'tenant'>[];
  /** The ids of hooks whose last attempt failed. */
  readonly failing: readonly string[];
  /** For so long nobody else is handed them. */
  readonly leaseMs: number;
}

/** What became of an attempt. */
export type Settled =
  | { readonly outcome: 'delivered'; readonly statusCode: number }
  | {
      readonly outcome: 'retry';
      readonly afterMs: number;
      readonly statusCode: number | null;
      readonly error: string;
    }
  | {
      /** Given up, and the hook disabled for `reason`. */
      readonly outcome: 'disable';
      readonly reason: string;
      readonly statusCode: number | null;
      readonly error: string;
    };

/** Hooks, and the events on their way to them. A delivery is written with its event, in one transaction. */
export interface HookStore {
  create(
    hook: NewHook,
  ): Promise<{ readonly outcome: 'created'; readonly hook: Hook } | { readonly outcome: 'too_many' }>;
  /** The oldest first. */
  list(owner: HookOwner): Promise<readonly Hook[]>;
  /** Whether there was such a hook. What waits for it is dropped. */
  remove(hook: HookOwner & { readonly id: string }): Promise<boolean>;
  /** The newest event first; null where there is no such hook. */
  deliveries(
    query: HookOwner & { readonly id: string; readonly limit: number },
  ): Promise<readonly Delivery[] | null>;
  /**
   * Hands out what is due, to one caller only until its lease ends. Of one hook and key only the earliest event: the
   * next one is due when it is settled as delivered. Hooks take turns, and tenants share the slots.
   */
  due(query: DueQuery): Promise<readonly DueDelivery[]>;
  /** Changes nothing about a delivery that is over, or whose hook is gone. */
  settle(delivery: { readonly hookId: string; readonly eventId: number } & Settled): Promise<void>;
}
