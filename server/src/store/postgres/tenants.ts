import type { Tenants } from '../shared/transaction.ts';
import type { Connection } from './connection.ts';

/** Tenants and their numbers. Numbers never change, so they are cached. */
export interface KnownTenants extends Tenants {
  /**
   * Loads the numbers of these names. Must be called before the transaction that needs them. Names in `needed` get a number if they
   * have none.
   */
  learn(names: ReadonlySet<string>, needed: ReadonlySet<string>): Promise<void>;
}

const REMEMBERED = 100_000;

export function createTenants(connection: Connection): KnownTenants {
  const known = new Map<string, number>();
  return {
    find: (name) => known.get(name),
    ensure(name) {
      const id = known.get(name);
      if (id === undefined) throw new Error(`The tenant ${name} was not learnt.`);
      return id;
    },
    async learn(names, needed) {
      const unknown = [...names].filter((name) => !known.has(name));
      if (unknown.length === 0) return;
      const rows = await connection.transaction(async (tx) => {
        const missing = unknown.filter((name) => needed.has(name)).sort();
        if (missing.length > 0) {
          tx.send('INSERT INTO tenants (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING', [
            missing,
          ]);
        }
        return tx.query<{ id: number; name: string }>(
          'SELECT id, name FROM tenants WHERE name = ANY ($1::text[])',
          [unknown],
        );
      });
      if (known.size + rows.length > REMEMBERED) known.clear();
      for (const { id, name } of rows) known.set(name, id);
      // The cache may just have been cleared.
      if ([...needed].some((name) => !known.has(name))) await this.learn(names, needed);
    },
  };
}
