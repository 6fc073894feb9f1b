import type { DatabaseSync } from 'node:sqlite';
import type { Tenants } from '../shared/transaction.ts';

/** Tenants and their numbers in the file. `ensure` inserts in the current transaction. */
export interface FileTenants extends Tenants {
  /** Must be called after a rollback, because the numbers that were inserted in it are not valid. */
  forget(): void;
  /** Up to `limit` numbers after this one, in ascending order. */
  after(number: number, limit: number): readonly number[];
}

export function prepareTenants(db: DatabaseSync): FileTenants {
  const known = new Map<string, number>();
  const select = db.prepare('SELECT id FROM tenants WHERE name = ?');
  const insert = db.prepare('INSERT INTO tenants (name) VALUES (?)');
  const following = db.prepare('SELECT id FROM tenants WHERE id > ? ORDER BY id LIMIT ?');

  function find(name: string): number | undefined {
    const id = known.get(name) ?? (select.get(name)?.['id'] as number | undefined);
    if (id !== undefined) known.set(name, id);
    return id;
  }

  return {
    find,
    ensure(name) {
      let id = find(name);
      if (id === undefined) {
        id = Number(insert.run(name).lastInsertRowid);
        known.set(name, id);
      }
      return id;
    },
    forget: () => {
      known.clear();
    },
    after: (number, limit) => following.all(number, limit).map(({ id }) => id as number),
  };
}
