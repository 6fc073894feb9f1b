import type { Clock, Elapsed } from '../../clock.ts';
import { runOn, monthNumber } from '../shared/time.ts';
import type { Tx } from './connection.ts';

/** The database's clock, epoch ms, or `$1` in tests. */
export const CLOCK = 'coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)';

/**
 * The instant of a statement, epoch ms: the database's clock, but never before the time that was kept, nor before `$2`, the
 * latest that this server saw, which runs on: where the clock was set back, nothing stands still.
 */
export const NOW = `greatest(
  ${CLOCK},
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

export function createStoreTime(testClock: Clock | undefined, elapsed: Elapsed): StoreTime {
  const latest = runOn(elapsed);
  return {
    parameters: () => [testClock?.() ?? null, latest.now()],
    passed: latest.heard,
    month: () => monthNumber(latest.now()),
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
