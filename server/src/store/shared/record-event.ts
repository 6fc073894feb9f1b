import type { EventType } from '../../claims/events.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import type { NewEvent } from './transaction.ts';

/** Types of events that are written in the same transaction as the change, together with all events that wait to be written. */
export const SURE_EVENTS: ReadonlySet<EventType> = new Set(['resolved', 'run_died']);

/** Values of an event that differ from those of the record. */
export interface Details {
  readonly type?: EventType;
  readonly run?: string | null;
  readonly origin?: string | null;
  readonly errorCode?: string | null;
  readonly by?: string;
}

/** Adds an event to the transaction. It is written in the transaction or after it. */
export function recordEvent(
  tx: { readonly moment: { readonly now: number }; readonly events: NewEvent[] },
  tenant: number,
  key: string,
  type: EventType,
  record: Pick<ClaimRecord, 'run' | 'origin' | 'attempt' | 'firstSeenAt' | 'errorCode'>,
  details: Details = {},
): void {
  const { run = record.run, origin = record.origin, by = null, errorCode = record.errorCode } = details;
  const { attempt, firstSeenAt } = record;
  tx.events.push({ tenant, at: tx.moment.now, type, key, run, origin, attempt, firstSeenAt, errorCode, by });
}
