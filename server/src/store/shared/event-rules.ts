import { DAY_MS } from '../../claims/record.ts';

export const KEPT_OF_A_TENANT = 50_000;
/** An id is at least its instant times this, so that a range of ids is a range of time. */
export const IDS_PER_MS = 1_024;
/** How far back a filtered look goes, so that a rare job never holds up the claims behind it. */
export const SCANNED_EVENTS = 20_000;
/** The codes of types that are found however many others lie between: as in the index `events_seldom`. */
export const SELDOM: readonly number[] = [2, 4, 5, 6, 7, 8, 9];

/** The id before which all events are older than `days` at `now`. */
export function oldestKept(now: number, days: number): number {
  return (now - days * DAY_MS) * IDS_PER_MS;
}

/** `2026-11-25` as a number of days. */
export function dayNumber(day: string): number {
  return Math.floor(Date.parse(day) / DAY_MS);
}

export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
