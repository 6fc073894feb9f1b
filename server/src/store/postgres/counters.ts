import type { UsageCounters, UsageKind } from '../shared/transaction.ts';
import type { Tx } from './connection.ts';

/** What all servers counted. */
export interface UsageRow {
  readonly tenant: number;
  readonly month: number;
  readonly kind: number;
  readonly count: number;
}

export const USAGE_KINDS = { ai: 0, make: 1 } as const;

/** A month's counters, added up in memory. What other servers commit meanwhile is not in them. */
export interface BatchCounters extends UsageCounters {
  /** Sends what was added, to this server's own rows. */
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

/** A number of its own for a server that starts, of 64. */
export async function serverNumber(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ server: number }>(`SELECT nextval('servers')::int AS server`);
  return row?.server ?? 0;
}
