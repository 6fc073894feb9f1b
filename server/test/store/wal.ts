import { readFileSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * The commits in a write-ahead log that was never reset: a transaction's last frame carries the database's size,
 * every other one zero.
 */
export function countCommits(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  let commits = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}
