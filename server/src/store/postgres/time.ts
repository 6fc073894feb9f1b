import type { Clock } from '../../clock.ts';
import { monthNumber } from '../shared/month.ts';
import type { Tx } from './session.ts';

/**
 * The instant of a statement, epoch ms: the database's clock, or `$1` in tests; never before the time that was kept,
 * nor before `$2`, the latest that this server saw.
 */
export const NOW = `greatest(
  coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint),
  $2::bigint,
  (SELECT value FROM counters WHERE name = 'time'))`;

/** One time for all servers on a database, which never goes back where an answer depended on it. */
export interface StoreTime {
  /** `$1` and `$2` of `NOW`. */
  parameters(): readonly [clock: number | null, latest: number];
  passed(now: number): void;
  /** The month that it is, or one before. */
  month(): number;
  /** Makes the transaction keep `now`, so that no clock set back, nor another server, undoes what was answered. */
  keep(tx: Tx, now: number): void;
}

export function createStoreTime(testClock: Clock | undefined): StoreTime {
  let latest = 0;
  return {
    parameters: () => [testClock?.() ?? null, latest],
    passed: (now) => void (latest = Math.max(latest, now)),
    month: () => monthNumber(latest),
    keep(tx, now) {
      tx.send(`UPDATE counters SET value = greatest(value, $1) WHERE name = 'time'`, [now]);
    },
  };
}

/** The time of a transaction that has begun. */
export async function timeOf(tx: Tx, time: StoreTime): Promise<number> {
  const [row] = await tx.query<{ now: number }>(`SELECT ${NOW} AS now`, time.parameters());
  const now = row?.now ?? 0;
  time.passed(now);
  return now;
}
