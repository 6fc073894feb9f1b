import type { Clock, Elapsed } from '../../clock.ts';
import { runOn, monthNumber } from '../shared/time.ts';
import type { Tx } from './connection.ts';

/** The database's clock in epoch milliseconds, or `$1` in tests. */
export const CLOCK = 'coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)';

/**
 * The time of a statement in epoch milliseconds. It follows the database's clock, but is never before the stored time, nor before
 * `$2`, the latest time that this server knows, which runs on: after the clock was set back, time does not stand still.
 */
export const NOW = `greatest(
  ${CLOCK},
  $2::bigint,
  (SELECT value FROM counters WHERE name = 'time'))`;

/** The time that all servers on a database share. It never goes back behind a time on which an answer depended. */
export interface StoreTime {
  /** `$1` and `$2` of `NOW`. */
  parameters(): readonly [clock: number | null, latest: number];
  advanceTo(now: number): void;
  /** The current month, or an earlier one. */
  month(): number;
  /** Stores `now` with the transaction, so that neither a clock that is set back nor another server can undo an answer. */
  keep(tx: Tx, now: number): void;
}

export function createStoreTime(testClock: Clock | undefined, elapsed: Elapsed): StoreTime {
  const latest = runOn(elapsed);
  return {
    parameters: () => [testClock?.() ?? null, latest.now()],
    advanceTo: latest.advanceTo,
    month: () => monthNumber(latest.now()),
    keep(tx, now) {
      tx.send(`UPDATE counters SET value = greatest(value, $1) WHERE name = 'time'`, [now]);
    },
  };
}

/** The time of the current transaction. */
export async function timeOf(tx: Tx, time: StoreTime): Promise<number> {
  const [row] = await tx.query<{ now: number }>(`SELECT ${NOW} AS now`, time.parameters());
  const now = row?.now ?? 0;
  time.advanceTo(now);
  return now;
}
