import type { UsageCounters, UsageKind } from '../shared/transaction.ts';
import type { Tx } from './connection.ts';

/** The count of all servers together. */
export interface UsageRow {
  readonly tenant: number;
  readonly month: number;
  readonly kind: number;
  readonly count: number;
}

export const USAGE_KINDS = { ai: 0, make: 1 } as const;

/** The counters of a month, increased in memory. They do not contain what other servers commit meanwhile. */
export interface BatchCounters extends UsageCounters {
  /** Adds the increase to the rows of this server. */
  write(tx: Tx): void;
}

export function createCounters(month: number, rows: readonly UsageRow[], server: number): BatchCounters {
  const counts = new Map(
    rows.filter((row) => row.month === month).map(({ tenant, kind, count }) => [`${tenant}/${kind}`, count]),
  );
  const added = new Map<string, UsageRow & { readonly server: number }>();

  function count(tenant: number, kind: UsageKind): number {
    return counts.get(`${tenant}/${USAGE_KINDS[kind]}`) ?? 0;
  }

  return {
    count,
    add(tenant, kind) {
      const id = `${tenant}/${USAGE_KINDS[kind]}`;
      const before = added.get(id)?.count ?? 0;
      added.set(id, { tenant, month, kind: USAGE_KINDS[kind], server, count: before + 1 });
      counts.set(id, count(tenant, kind) + 1);
      return count(tenant, kind);
    },
    write(tx) {
      if (added.size === 0) return;
      tx.send(
        `INSERT INTO usage (tenant, month, kind, server, count)
         SELECT * FROM json_to_recordset($1)
           AS r (tenant integer, month integer, kind smallint, server smallint, count bigint)
         ORDER BY tenant, kind
         ON CONFLICT (tenant, month, kind, server) DO UPDATE SET count = usage.count + excluded.count`,
        [JSON.stringify([...added.values()])],
      );
    },
  };
}

/** Gives a starting server one of 64 numbers, so that servers seldom update the same counters. */
export async function serverNumber(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ server: number }>(`SELECT nextval('servers')::int AS server`);
  return row?.server ?? 0;
}
