import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../error-message.ts';
import { type Finding, NoStore, type ReadOnlyStore } from '../store.ts';
import { differing } from '../shared/time.ts';
import { prepareApiKeyTable } from './api-key-table.ts';
import { unusable } from './database.ts';
import { checkRoom } from './file.ts';
import { inspectDatabase } from './inspect.ts';
import { schemaOf } from './migrations.ts';
import { THIS_MACHINE } from './store.ts';

/**
 * Opens an existing file of a OnceOnly server, without creating or migrating anything.
 * @throws {NoStore} if there is none.
 * @throws {StoreUnavailable} if it cannot be used, with a sentence that says why.
 */
export function openExisting(path: string): DatabaseSync {
  const none = new NoStore(`There is no store at ${resolve(path)}.`);
  if (!existsSync(path)) throw none;
  const url = pathToFileURL(path);
  url.search = '?mode=rw';
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(url, { timeout: 5_000 });
    if (schemaOf(db, path) === 0) throw none;
    return db;
  } catch (error) {
    db?.close();
    throw unusable(path, error);
  }
}

/** Opens the file only for reading. Throws like `openExisting`. */
export function openFileReadOnly(path: string, wall: Clock): ReadOnlyStore {
  const db = openExisting(path);
  const findings: Finding[] = [writable(db, path)];
  db.exec('PRAGMA query_only = ON');
  return {
    apiKeys: () => Promise.resolve(prepareApiKeyTable(db).list()),
    inspect() {
      const now = Number(db.prepare('SELECT now FROM meta').get()?.['now']);
      const ahead = now > wall() ? differing(now, wall(), THIS_MACHINE) : [];
      return Promise.resolve([...findings, ...inspectDatabase(db, path), ...ahead]);
    },
    close() {
      db.close();
      return Promise.resolve();
    },
  };
}

function writable(db: DatabaseSync, path: string): Finding {
  try {
    checkRoom(path);
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return { what: `The store sqlite:${path} can be read and written.`, ok: true, remedy: null };
  } catch (error) {
    const why = messageOf(error);
    return {
      what: `The store sqlite:${path} can be read, but not written (${why}).`,
      ok: false,
      remedy:
        error instanceof StoreUnavailable
          ? 'Make room on its disk.'
          : "Let the server's user write this file and its folder.",
    };
  }
}
