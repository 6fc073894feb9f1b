import type { UsageCounters, UsageKind } from '../shared/transaction.ts';
import type { Tx } from './session.ts';

/** A row of `usage`. */
export interface UsageRow {
  readonly tenant: number;
  readonly month: number;
  readonly kind: number;
  readonly count: number;
}

export const USAGE_KINDS = { ai: 0, make: 1 } as const;

/** A month's counters, added up in memory. */
export interface BatchCounters extends UsageCounters {
  /** Sends what was added. */
  write(tx: Tx): void;
  /** After the commit: how much other servers added meanwhile; by so much the counts given were too small. */
  more(tenant: number, kind: UsageKind): number;
}

export function createCounters(month: number, rows: readonly UsageRow[]): BatchCounters {
  const counts = countsOf(rows.filter((row) => row.month === month));
  const added = new Map<string, { tenant: number; month: number; kind: number; count: number }>();
  let written: ReadonlyMap<string, number> = new Map();

  function count(tenant: number, kind: UsageKind): number {
    return counts.get(`${tenant}/${USAGE_KINDS[kind]}`) ?? 0;
  }

  return {
    count,
    add(tenant, kind) {
      const id = `${tenant}/${USAGE_KINDS[kind]}`;
      const row = added.get(id) ?? { tenant, month, kind: USAGE_KINDS[kind], count: 0 };
      row.count += 1;
      added.set(id, row);
      counts.set(id, count(tenant, kind) + 1);
      return count(tenant, kind);
    },
    write(tx) {
      if (added.size === 0) return;
      tx.send(
        `INSERT INTO usage SELECT * FROM json_populate_recordset(null::usage, $1) ORDER BY tenant, kind
         ON CONFLICT (tenant, month, kind) DO UPDATE SET count = usage.count + excluded.count
         RETURNING tenant, month, kind, count`,
        [JSON.stringify([...added.values()])],
        (rows: readonly UsageRow[]) => (written = countsOf(rows)),
      );
    },
    more: (tenant, kind) =>
      (written.get(`${tenant}/${USAGE_KINDS[kind]}`) ?? count(tenant, kind)) - count(tenant, kind),
  };
}

const countsOf = (rows: readonly UsageRow[]): Map<string, number> =>
  new Map(rows.map(({ tenant, kind, count }) => [`${tenant}/${kind}`, count]));
