import { StoreUnavailable } from '../../claims/claim-store.ts';
import { readMigrations } from '../shared/migrations.ts';
import type { Connection, Tx } from './connection.ts';

/** The counter `schema` says how many of them were applied to a database. */
const MIGRATIONS = readMigrations(import.meta.url, 'postgres');

export const SCHEMA_VERSION = MIGRATIONS.length;

/** The advisory lock of migrations, so that servers that start together migrate one after the other. An arbitrary number. */
const MIGRATION_LOCK = 0x4f6e6365;

/**
 * Migrates the schema `onceonly` of the database to the version of this server, in one transaction.
 * @throws {StoreUnavailable} if a newer server wrote the schema.
 */
export async function migrate(connection: Connection): Promise<void> {
  await connection.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const version = await schemaVersion(tx);
    if (version > SCHEMA_VERSION) {
      throw new StoreUnavailable(
        `The database was written by a newer version of this server (schema ${version}, this one knows ${SCHEMA_VERSION}). ` +
          'Run that version, or choose another database in ONCEONLY_STORE.',
      );
    }
    if (version === SCHEMA_VERSION) return;
    if (version === 0) await tx.query('CREATE SCHEMA IF NOT EXISTS onceonly');
    for (const sql of MIGRATIONS.slice(version)) await tx.script(sql);
    await tx.query(
      `INSERT INTO counters VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [SCHEMA_VERSION],
    );
  });
}

/** The version of the schema; 0 if there is none. */
export async function schemaVersion(tx: Tx): Promise<number> {
  const [found] = await tx.query<{ there: boolean }>(
    `SELECT to_regclass('onceonly.counters') IS NOT NULL AS there`,
  );
  if (found?.there !== true) return 0;
  const [row] = await tx.query<{ value: number }>(`SELECT value FROM counters WHERE name = 'schema'`);
  return row?.value ?? 0;
}
