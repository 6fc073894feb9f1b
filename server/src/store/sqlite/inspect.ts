import type { DatabaseSync } from 'node:sqlite';
import { statSync } from 'node:fs';
import { type Finding, olderVersion } from '../store.ts';
import { SCHEMA_VERSION } from './migrations.ts';

const FULL = 2;

/** Checks whether every commit is synced, who may read the file, and which version its schema has. */
export function inspectDatabase(db: DatabaseSync, path: string): readonly Finding[] {
  const read = (name: string) => db.prepare(`PRAGMA ${name}`).get()?.[name];
  const synced = read('journal_mode') === 'wal' && Number(read('synchronous')) >= FULL;
  const version = Number(read('user_version'));
  return [
    {
      what: synced
        ? 'SQLite: write-ahead log, synchronous FULL, so an answer is on the disk before it is given.'
        : 'SQLite: commits are not synced, so a crash of the machine can lose answers.',
      ok: synced,
      remedy: synced ? null : 'Restart the server: it sets both whenever it opens the file.',
    },
    ...readers(path),
    version < SCHEMA_VERSION
      ? olderVersion(version, SCHEMA_VERSION)
      : { what: `SQLite: the file has schema ${version}, this server's.`, ok: true, remedy: null },
  ];
}

/** A finding if others than the owner may read the file. */
function readers(path: string): readonly Finding[] {
  if (process.platform === 'win32' || ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) === 0)
    return [];
  return [
    {
      what: `SQLite: other users of this machine may open ${path}, and forge an operator's session with what is in it.`,
      ok: false,
      remedy: `chmod 600 ${path} ${path}-wal ${path}-shm`,
    },
  ];
}
