import type { DatabaseSync } from 'node:sqlite';

interface Rows {
  readonly table: string;
  /** The column that says whose a row is. */
  readonly owner: string;
  /** The column that grows with every row of an owner. */
  readonly id: string;
  /** How many of an owner are kept. */
  readonly kept: number;
}

/** The newest of an owner's rows that is one too many; 0 where there are no more than are kept. */
export interface Surplus {
  /** Walks through all that are kept. */
  exact(owner: number): number;
  /** As `exact`, but walks only once a tenth more has come; in between it answers what it found then. */
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
