import type { DatabaseSync } from 'node:sqlite';

interface Rows {
  readonly table: string;
  /** The column with the owner of a row. */
  readonly owner: string;
  /** The column that grows with every row of an owner. */
  readonly id: string;
  /** How many rows of an owner are kept. */
  readonly kept: number;
}

/** Finds the id up to which the rows of an owner are more than the number that is kept; 0 if there are not too many. */
export interface Surplus {
  /** Reads through all rows that are kept. */
  exact(owner: number): number;
  /** Like `exact`, but reads again only after a tenth more rows were added. Until then it returns the last result. */
  lately(owner: number): number;
}

export function prepareSurplus(db: DatabaseSync, { table, owner, id, kept }: Rows): Surplus {
  const walk = db.prepare(
    `SELECT ${id} FROM ${table} WHERE ${owner} = ? ORDER BY ${id} DESC LIMIT 1 OFFSET ${kept}`,
  );
  const newest = db.prepare(`SELECT max(${id}) AS ${id} FROM ${table} WHERE ${owner} = ?`);
  const more = db.prepare(
    `SELECT ${id} FROM ${table} WHERE ${owner} = ? AND ${id} > ? ORDER BY ${id} LIMIT 1 OFFSET ${kept / 10}`,
  );
  const found = new Map<number, { readonly surplus: number; readonly newest: number }>();
  const exact = (of: number): number => Number(walk.get(of)?.[id] ?? 0);
  return {
    exact,
    lately(of) {
      const before = found.get(of);
      if (more.get(of, before?.newest ?? 0) === undefined) return before?.surplus ?? 0;
      const surplus = exact(of);
      found.set(of, { surplus, newest: Number(newest.get(of)?.[id] ?? 0) });
      return surplus;
    },
  };
}
