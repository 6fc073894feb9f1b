import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { readMigrations } from '../shared/migrations.ts';

/** `PRAGMA user_version` counts those that a file has. */
const MIGRATIONS = readMigrations(import.meta.url, 'sqlite');

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Marks the file as ours ("Once"), so that no other program's database is ever written. */
const APPLICATION_ID = 0x4f6e6365;

/**
 * Brings the file to this server's schema, in one transaction.
 * @throws {StoreUnavailable} at a file that a newer server wrote, or another program.
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
 * The version of the file's schema; 0 where it is empty.
 * @throws {StoreUnavailable} at a file that a newer server wrote, or another program.
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
