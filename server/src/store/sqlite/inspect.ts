import type { DatabaseSync } from 'node:sqlite';
import type { Finding } from '../finding.ts';

const FULL = 2;

/** Whether every commit is synced, as this connection is set; and whether other programs' changes broke the schema. */
export function inspectDatabase(db: DatabaseSync): readonly Finding[] {
  const read = (name: string) => db.prepare(`PRAGMA ${name}`).get()?.[name];
  const synced = read('journal_mode') === 'wal' && Number(read('synchronous')) >= FULL;
  const version = String(read('user_version'));
  return [
    {
      what: synced
        ? 'SQLite: write-ahead log, synchronous FULL, so an answer is on the disk before it is given.'
        : 'SQLite: commits are not synced, so a crash of the machine can lose answers.',
      ok: synced,
      remedy: synced ? null : 'Restart the server: it sets both whenever it opens the file.',
    },
    { what: `SQLite: the file has schema ${version}, this server's.`, ok: true, remedy: null },
  ];
}
