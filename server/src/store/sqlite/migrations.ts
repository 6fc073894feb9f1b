import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { readMigrations } from '../shared/migrations.ts';

/** `PRAGMA user_version` says how many of them were applied to a file. */
const MIGRATIONS = readMigrations(import.meta.url, 'sqlite');

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Marks the file as ours (“Once” in ASCII), so that the database of another program is never changed. */
const APPLICATION_ID = 0x4f6e6365;

/**
 * Migrates the file to the schema of this server, in one transaction.
 * @throws {StoreUnavailable} if a newer server or another program wrote the file.
 */
export function migrate(db: DatabaseSync, path: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaOf(db, path);
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
    if (version < SCHEMA_VERSION) {
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * The version of the schema of the file; 0 if it is empty.
 * @throws {StoreUnavailable} if a newer server or another program wrote the file.
 */
export function schemaOf(db: DatabaseSync, path: string): number {
  const version = pragma(db, 'user_version');
  if (pragma(db, 'application_id') !== APPLICATION_ID && isInUse(db)) {
    throw new StoreUnavailable(
      `${path} is another program's database. Choose another file in ONCEONLY_STORE.`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreUnavailable(
      `${path} was written by a newer version of this server (schema ${version}, this one knows ${SCHEMA_VERSION}). ` +
        'Run that version, or choose another file in ONCEONLY_STORE.',
    );
  }
  return version;
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function isInUse(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}
