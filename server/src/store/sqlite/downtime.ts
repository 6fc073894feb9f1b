import type { DatabaseSync } from 'node:sqlite';
import { plural } from '../../plural.ts';
import type { Finding } from '../store.ts';
import { CLOCKS_DIFFER_MS, inWords } from '../shared/time.ts';

const LONG_MS = 86_400_000;
/** The highest number to which rows are counted. */
const COUNTED = 100_000;

/**
 * Reports how many leases and keys expired between the time stored in the file and `now`, the clock of this machine. Either the
 * server was down that long, or the clock is ahead. Null at the first start, or if the difference is small.
 */
export function findDowntime(db: DatabaseSync, now: number): Finding | null {
  const before = Number(db.prepare('SELECT now FROM meta').get()?.['now']);
  if (before === 0 || now - before <= CLOCKS_DIFFER_MS) return null;
  const count = (rows: string, what: string): string => {
    const counted = db.prepare(
      `SELECT count(*) AS rows FROM (SELECT 1 FROM claims WHERE ${rows} LIMIT ${COUNTED})`,
    );
    const found = Number(counted.get(before, now)?.['rows']);
    return found === COUNTED ? `more than ${plural(COUNTED, what)}` : plural(found, what);
  };
  const leases = count('state = 0 AND death_reported = 0 AND expires_at > ? AND expires_at <= ?', 'lease');
  const keys = count('forget_at > ? AND forget_at <= ?', 'key');
  const long = now - before > LONG_MS;
  return {
    what: `By this machine's clock, the store was last used ${inWords(now - before)} ago: meanwhile ${leases} ended, and ${keys} ${keys === '1 key' ? 'was' : 'were'} forgotten.`,
    ok: !long,
    remedy: long
      ? 'If the clock is wrong, stop the server, set the clock right, and run “onceonly-server set-clock”.'
      : null,
  };
}
