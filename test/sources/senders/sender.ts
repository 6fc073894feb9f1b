import type { GivenDelivery, SourceId } from '@onceonly/shared';

/** A sender of webhooks as it is seen from outside: real or vendor-shaped events, and what it changes when it sends again. */
export interface Sender {
  readonly source: SourceId;
  /** Twenty events at least. */
  readonly events: readonly unknown[];
  /** What it signs with; null where it does not sign. */
  readonly secret: string | null;
  /** A delivery of the nth event; the time it is sent at is `SENT_AT` and five hours more for each further attempt. */
  deliver(event: number, attempt: number): SentDelivery;
  /** What the sender's own library says of a delivery that has just arrived, where there is one. */
  accepts?(delivery: SentDelivery, secret: string, attempt: number): Promise<boolean> | boolean;
}

export type SentDelivery = GivenDelivery & {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
};

const SENT_AT = Date.parse('2026-11-25T09:00:00Z');

/** Epoch milliseconds. */
export const sentAt = (attempt: number): number => SENT_AT + attempt * 5 * 3_600_000;

export const seconds = (attempt: number): string => String(sentAt(attempt) / 1_000);

/** An id that is the same for the same event, in the sender's alphabet. */
export const idOf = (prefix: string, event: number, length = 24): string =>
  prefix + String(event + 1).padStart(length, '0');

export const twenty = <T>(make: (event: number) => T): readonly T[] =>
  Array.from({ length: 20 }, (_, event) => make(event));
