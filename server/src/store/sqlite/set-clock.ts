import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { BLOCKED_MILLISECONDS } from '../../claims/record.ts';
import { openExisting } from './read-only.ts';

/** SQL that moves an instant back by `?2` if it, or the instant `from` which it depends on, is later than `?1`. */
const moved = (at: string, from = at): string => `${at} - (${from} > ?1) * ?2`;
const back = (column: string): string => `${column} = ${moved(column)}`;
const MOVES: readonly string[] = [
  `UPDATE claims SET forget_at = forget_at - (coalesce(done_at, expires_at) > ?1) * ?2,
     ${['first_seen_at', 'claimed_at', 'expires_at', 'done_at'].map(back).join(', ')}
   WHERE expires_at > ?1 OR claimed_at > ?1 OR done_at > ?1`,
  `UPDATE locks SET ${['first_seen_at', 'expires_at'].map(back).join(', ')} WHERE expires_at > ?1`,
  `UPDATE deliveries SET ${['at', 'first_seen_at', 'next_at', 'delivered_at'].map(back).join(', ')}
   WHERE next_at > ?1 OR at > ?1`,
  `UPDATE events SET ${['at', 'first_seen_at'].map(back).join(', ')} WHERE at > ?1`,
  `UPDATE hooks SET ${['created_at', 'disabled_at', 'removed_at'].map(back).join(', ')} WHERE created_at > ?1
     OR disabled_at > ?1 OR removed_at > ?1`,
  `UPDATE api_keys SET ${['created_at', 'revoked_at'].map(back).join(', ')} WHERE created_at > ?1 OR revoked_at > ?1`,
  'UPDATE meta SET now = ?1 WHERE now - ?2 <= ?1',
];

/** The end of a group is not moved, because a group must not be forgotten before one of its keys. */
const MOVE_GROUPS = `UPDATE groups SET record = json_set(record,
  '$.since', ${moved("record ->> '$.since'")},
  '$.end', ${moved("record ->> '$.end'")},
  '$.asks.until', ${moved("record ->> '$.asks.until'", `record ->> '$.asks.until' - ${BLOCKED_MILLISECONDS}`)})`;

/**
 * If the time of a file is ahead of `wall` (epoch milliseconds), sets it back, and moves all later instants back with it. So a lease
 * still has the time that it had left, what ended remains ended, and a key that was finished earlier is remembered for as long as
 * it should be.
 * @returns how many milliseconds the file was ahead. If this is 0 or less, nothing was changed.
 * @throws {StoreUnavailable} if there is no such file, or a server uses it.
 */
export function setClock(path: string, wall: number): number {
  const db = openExisting(path);
  try {
    const ahead = Number(db.prepare('SELECT now FROM meta').get()?.['now']) - wall;
    if (ahead <= 0) return ahead;
    requireSoleUse(db, path);
    db.exec('BEGIN EXCLUSIVE');
    for (const sql of MOVES) db.prepare(sql).run(wall, ahead);
    // A file with an older schema has no groups.
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'groups'").get() !== undefined)
      db.prepare(MOVE_GROUPS).run(wall, ahead);
    db.exec('COMMIT; PRAGMA journal_mode = WAL');
    return ahead;
  } finally {
    db.close();
  }
}

/** Throws if another process has the file open: the write-ahead log can be switched off only by the sole user of the file. */
function requireSoleUse(db: DatabaseSync, path: string): void {
  db.exec('PRAGMA busy_timeout = 0');
  try {
    db.exec('PRAGMA journal_mode = DELETE');
  } catch {
    throw new StoreUnavailable(
      `${path} is in use. Stop the server, and what else has it open, before its time is set.`,
    );
  }
}
