import { chmodSync, closeSync, mkdirSync, openSync, statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreUnavailable } from '../../claims/claim-store.ts';

/**
 * Creates the file and its directory if needed, readable only by its owner, and removes the rights of others from an existing file.
 * The file contains what runs have sent, and what sign-ins are checked with. SQLite gives the files next to it the same mode. An
 * existing file is not opened here, because closing it would drop the locks that this process has on it.
 */
export function keepToOwner(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile() || (found.mode & 0o077) === 0) continue;
    try {
      // Never a right more: what its owner made read-only stays so.
      chmodSync(file, found.mode & 0o600);
    } catch {
      // The file belongs to another user, so only they can change it. `inspectDatabase` reports it.
    }
  }
}

/** The least free space that a commit, its log and a checkpoint need. */
const ROOM_BYTES = 4 * 1024 * 1024;

/** Returns a check that throws if the file at `path` is no longer the one that was opened. SQLite continues to write to a file that was deleted. */
export function watchIdentity(path: string): () => void {
  const opened = statSync(path);
  return () => {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.ino === opened.ino && now.dev === opened.dev) return;
    throw new StoreUnavailable(
      `${path} was deleted or replaced while it is in use: what is claimed now is lost when this process ends. Restart it, or restore a backup.`,
    );
  };
}

/** Returns a check as above that also throws if the disk is full. */
export function watchFile(path: string): () => void {
  const checkIdentity = watchIdentity(path);
  return () => {
    checkIdentity();
    checkRoom(path);
  };
}

/** Throws if the disk is full. SQLite may not notice for a while: it continues to write to the space that its log already has. */
export function checkRoom(path: string): void {
  const { bavail, bfree, bsize } = statfsSync(path);
  // Root may also use the reserved blocks.
  const room = (process.getuid?.() === 0 ? bfree : bavail) * bsize;
  if (room < ROOM_BYTES) throw new StoreUnavailable(`The disk of ${path} is full.`);
}
