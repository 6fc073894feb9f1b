import pg from 'pg';
import { StoreUnavailable } from '../../claims/store.ts';
import type { Reply } from '../shared/requests.ts';
import { messageOf } from '../store.ts';

/** Somebody else made the same row meanwhile; or both waited for each other, and this one gave way. */
const OVERTAKEN: ReadonlySet<string | undefined> = new Set(['23505', '40P01', '40001']);
const ATTEMPTS = 10;

/** Does the work again where somebody else was quicker: whoever was is done then. */
export async function attempt<T>(work: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (attempts <= 1 || !(error instanceof pg.DatabaseError) || !OVERTAKEN.has(error.code)) throw error;
    return attempt(work, attempts - 1);
  }
}

/** Whether the fault is in what was asked, and not in the database's state: bad data, a row that breaks a rule. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(22|23)/.test(error.code ?? '');
  return !(error instanceof StoreUnavailable);
}

export function unavailable(error: unknown): Reply {
  return { unavailable: messageOf(error) };
}
