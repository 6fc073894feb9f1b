import type { EventType } from '../../claims/events.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import type { NewEvent } from './transaction.ts';

/** Events that are written with what they tell of; with them, in order, all that came before. */
export const SURE_EVENTS: ReadonlySet<EventType> = new Set(['resolved', 'run_died']);

/** What an event says otherwise than its record. */
export interface Details {
  readonly type?: EventType;
  readonly run?: string | null;
  readonly origin?: string | null;
  readonly errorCode?: string | null;
  readonly by?: string;
}

/** Notes an event of a key, to be written with or after the transaction. */
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
