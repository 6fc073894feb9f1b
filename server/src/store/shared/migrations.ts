import { readdirSync, readFileSync } from 'node:fs';

/**
 * The migrations of a store, in the order of their names. What was released never changes; a change of the schema is one
 * more file, and `npm test -- server/test/schema.test.ts` says what it makes of `schema.sql`.
 * @param of The URL of the module that asks; its folder has `migrations/`, a bundle's has `migrations/STORE/`.
 */
export function readMigrations(of: string, store: 'sqlite' | 'postgres'): readonly string[] {
  const folder = new URL(of.endsWith('.ts') ? './migrations/' : `./migrations/${store}/`, of);
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name) => readFileSync(new URL(name, folder), 'utf8'));
}
