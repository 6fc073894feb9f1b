import type { DeskTx } from './desk.ts';

interface Rows {
  readonly table: string;
  /** The column that says whose a row is. */
  readonly owner: string;
  /** The column that grows with every row of an owner. */
  readonly id: string;
  /** How many of an owner are kept. */
  readonly kept: number;
}

/**
 * The newest of an owner's rows that is one too many; 0 where there are no more than are kept. It walks through all that are
 * kept, but only once a tenth more has come; in between it answers what it found then.
 */
export type Surplus = (tx: DeskTx, owner: number) => Promise<number>;

export function createSurplus({ table, owner, id, kept }: Rows): Surplus {
  const found = new Map<number, { readonly surplus: number; readonly newest: number }>();
  const more = `SELECT ${id} AS id FROM ${table} WHERE ${owner} = $1 AND ${id} > $2 ORDER BY ${id} LIMIT 1 OFFSET ${kept / 10}`;
  const walk = `SELECT coalesce((SELECT ${id} FROM ${table} WHERE ${owner} = $1 ORDER BY ${id} DESC LIMIT 1 OFFSET ${kept}), 0) AS surplus,
    coalesce((SELECT max(${id}) FROM ${table} WHERE ${owner} = $1), 0) AS newest`;
  return async (tx, of) => {
    const before = found.get(of);
    const [grown] = await tx.query(more, [of, before?.newest ?? 0]);
    if (grown === undefined) return before?.surplus ?? 0;
    const [after] = await tx.query<{ surplus: number; newest: number }>(walk, [of]);
    if (after !== undefined) found.set(of, after);
    return after?.surplus ?? 0;
  };
}
