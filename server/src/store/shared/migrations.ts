import { readdirSync, readFileSync } from 'node:fs';

/**
 * The migrations of a store, in the order of their names. Released migrations never change. To change the schema, add a file;
 * `npm test -- server/test/schema.test.ts` then shows what changes in `schema.sql`.
 * @param of The URL of the calling module. Next to it is `migrations/`, or in a bundle `migrations/STORE/`.
 */
export function readMigrations(of: string, store: 'sqlite' | 'postgres'): readonly string[] {
  const folder = new URL(of.endsWith('.ts') ? './migrations/' : `./migrations/${store}/`, of);
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name) => readFileSync(new URL(name, folder), 'utf8'));
}
