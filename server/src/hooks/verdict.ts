import { DAY_MS } from '../claims/record.ts';
import type { Settled } from './hook-store.ts';
import type { Posted } from './post.ts';

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 30 * 60_000;
/** Each delay grows by a random share of itself up to this, so that what failed together is not retried together. */
const JITTER = 0.25;

const delayAfter = (attempt: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);

/**
 * How many attempts one delivery gets; with their delays they take at least a day. Attempts are counted, and not the time, so that
 * no delivery is given up because a server was down for long.
 */
export const ATTEMPTS = attemptsOf(DAY_MS);

function attemptsOf(wholeMs: number): number {
  let attempt = 1;
  for (let passedMs = 0; passedMs < wholeMs; attempt += 1) passedMs += delayAfter(attempt);
  return attempt;
}

/** Decides what to do after an attempt. `random` returns a number from 0 to 1. */
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
