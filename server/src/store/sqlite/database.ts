import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { keepToOwner } from './file.ts';
import { migrate } from './migrations.ts';

/** How long to wait for the transaction of another process on the same file. */
const BUSY_MILLISECONDS = 5_000;
const CACHE_KIBIBYTES = 16 * 1024;
/** A checkpoint copies the log into the file. At this size the log remains small, and checkpoints remain rare. */
const CHECKPOINT_PAGES = 4_000;
const LOG_BYTES = 64 * 1024 * 1024;

/**
 * Opens the database at `path` and migrates it. Creates the file and its directory if needed. Every commit is durable (WAL with
 * synchronous FULL).
 * @throws {StoreUnavailable} if the file cannot be used, with a sentence that says why.
 */
export function openDatabase(path: string): DatabaseSync {
  if (path === ':memory:' || path.startsWith('file:')) {
    throw new StoreUnavailable(
      `“${path}” is not the path of a file, and what is kept there could be lost. Choose a file in ONCEONLY_STORE.`,
    );
  }
  let db: DatabaseSync | undefined;
  try {
    keepToOwner(path);
    db = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS });
    const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
    if (mode !== 'wal')
      throw new StoreUnavailable(`${path} cannot have a write-ahead log (it says ${String(mode)}).`);
    db.exec(`
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -${CACHE_KIBIBYTES};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${LOG_BYTES};
      PRAGMA trusted_schema = OFF;
    `);
    migrate(db, path);
    // The first write shows whether the log next to the file can be written.
    db.exec('UPDATE meta SET now = now');
    return db;
  } catch (error) {
    db?.close();
    throw unusable(path, error);
  }
}

/** Turns an error into a `StoreUnavailable` that says why the file cannot be used. Other errors are returned as they are. */
export function unusable(path: string, error: unknown): unknown {
  if (isDenied(error)) {
    return new StoreUnavailable(
      `${path} cannot be written (${error.message}). Let the server's user write this file and its folder, or choose another file in ONCEONLY_STORE.`,
    );
  }
  const code = error instanceof Error ? ((error as { errcode?: number }).errcode ?? 0) & 0xff : 0;
  if (code === SQLITE_FULL) {
    return new StoreUnavailable(
      `The disk of ${path} is full. Make room on it, or choose another file in ONCEONLY_STORE.`,
    );
  }
  if (code === SQLITE_NOTADB) {
    return new StoreUnavailable(`${path} is no SQLite database. Choose another file in ONCEONLY_STORE.`);
  }
  return code === SQLITE_CORRUPT
    ? new StoreUnavailable(
        `${path} is damaged. Restore a backup, as DEPLOY.md says, or choose another file in ONCEONLY_STORE.`,
      )
    : error;
}

/** The primary result codes of https://sqlite.org/rescode.html */
const SQLITE_DENIED = [/* SQLITE_PERM */ 3, /* SQLITE_READONLY */ 8, /* SQLITE_CANTOPEN */ 14];
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
/** An error of the operating system, such as EACCES, ENOTDIR or ENAMETOOLONG, and not one of Node itself (ERR_…). */
const OF_SYSTEM = /^E(?!RR_)[A-Z]/;

function isDenied(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: string; errcode?: number };
  return errcode === undefined ? OF_SYSTEM.test(code ?? '') : SQLITE_DENIED.includes(errcode & 0xff);
}
