import type { UsageCounters, UsageKind } from '../shared/transaction.ts';
import type { Tx } from './session.ts';

/** A row of `usage`. */
export interface UsageRow {
  readonly tenant: number;
  readonly kind: number;
  readonly count: number;
}

export const USAGE_KINDS = { ai: 0, make: 1 } as const;

/** A month's counters, added up in memory. */
export interface BatchCounters extends UsageCounters {
  /**
   * Sends what was added. Resolves, without holding up the commit, to how much other servers added meanwhile: by so
   * much the counts given were too small.
   */
  write(tx: Tx): Promise<(tenant: number, kind: UsageKind) => number>;
}

export function createCounters(month: number, rows: readonly UsageRow[]): BatchCounters {
  const counts = new Map(rows.map(({ tenant, kind, count }) => [`${tenant}/${kind}`, count]));
  const added = new Map<string, { tenant: number; kind: number; count: number; month: number }>();

  function count(tenant: number, kind: UsageKind): number {
    return counts.get(`${tenant}/${USAGE_KINDS[kind]}`) ?? 0;
  }

  return {
    count,
    add(tenant, kind) {
      const id = `${tenant}/${USAGE_KINDS[kind]}`;
      const row = added.get(id) ?? { tenant, kind: USAGE_KINDS[kind], count: 0, month };
      row.count += 1;
      added.set(id, row);
      counts.set(id, count(tenant, kind) + 1);
      return count(tenant, kind);
    },
    write(tx) {
      if (added.size === 0) return Promise.resolve(() => 0);
      const written = tx.query<UsageRow>(
        `INSERT INTO usage SELECT * FROM json_populate_recordset(null::usage, $1) ORDER BY tenant, kind
         ON CONFLICT (tenant, month, kind) DO UPDATE SET count = usage.count + excluded.count
         RETURNING tenant, kind, count`,
        [JSON.stringify([...added.values()])],
      );
      const more = written.then((rows) => {
        const now = new Map(rows.map(({ tenant, kind, count }) => [`${tenant}/${kind}`, count]));
        return (tenant: number, kind: UsageKind): number => {
          const total = now.get(`${tenant}/${USAGE_KINDS[kind]}`);
          return total === undefined ? 0 : total - count(tenant, kind);
        };
      });
      // Where it fails, so does the transaction, which says so.
      more.catch(() => undefined);
      return more;
    },
  };
}
