import type { Usage } from '../../claims/store.ts';

/** The month of `now`, UTC, as it is shown. */
export function monthName(now: number): Usage['month'] {
  return new Date(now).toISOString().slice(0, 7);
}

/** Months since the year 0, UTC. */
export function monthNumber(now: number): number {
  const date = new Date(now);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
