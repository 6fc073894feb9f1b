import { DAY_MS } from '../claims/record.ts';
import type { Settled } from './hook-store.ts';
import type { Posted } from './post.ts';

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 30 * 60_000;
/** A delay grows by up to so much of itself, by chance, so that what failed together does not come back together. */
const JITTER = 0.25;

const delayAfter = (attempt: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);

/**
 * Attempts of one delivery, which together take a day at least. They are counted, rather than the time, so that a server
 * that was down for long gives nothing up for it.
 */
export const ATTEMPTS = attemptsOf(DAY_MS);

function attemptsOf(wholeMs: number): number {
  let attempt = 1;
  for (let passedMs = 0; passedMs < wholeMs; attempt += 1) passedMs += delayAfter(attempt);
  return attempt;
}

/** What becomes of a delivery after its attempt. `random`: from 0 to 1. */
export function verdictOf(posted: Posted, attempt: number, random: () => number): Settled {
  const statusCode = 'statusCode' in posted ? posted.statusCode : null;
  if (statusCode !== null && statusCode >= 200 && statusCode < 300) {
    return { outcome: 'delivered', statusCode };
  }
  const error = 'error' in posted ? posted.error : errorOf(posted.statusCode);
  if (statusCode === 410) {
    const reason = 'The receiver said that it is gone for good (HTTP 410).';
    return { outcome: 'disable', reason, statusCode, error };
  }
  if (attempt >= ATTEMPTS) {
    const reason = `An event could not be delivered for a day, in ${String(attempt)} attempts. The last one: ${error}`;
    return { outcome: 'disable', reason, statusCode, error };
  }
  const afterMs = Math.round(delayAfter(attempt) * (1 + JITTER * random()));
  return { outcome: 'retry', afterMs, statusCode, error };
}

function errorOf(statusCode: number): string {
  const answered = `The receiver answered HTTP ${String(statusCode)}`;
  return statusCode >= 300 && statusCode < 400 ? `${answered}; redirects are not followed.` : `${answered}.`;
}
