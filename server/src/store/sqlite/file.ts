import { chmodSync, closeSync, mkdirSync, openSync, statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the file where there is none, with its directory, for its owner alone, and takes it back from others where it was
 * theirs to read: it holds what runs have sent, and what sign-ins are checked with. SQLite gives the files beside it the
 * same mode. The file is never opened where it exists: to close it would end the locks that this process has on it.
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
      chmodSync(file, 0o600);
    } catch {
      // Another user's file: only they can, and inspecting it says so.
    }
  }
}

/** What a commit, its log and a checkpoint need at least. */
const ROOM_BYTES = 4 * 1024 * 1024;

/**
 * Throws, in a sentence, where the file at `path` is no longer the one that was opened, or its disk is full. SQLite notices
 * neither for a while: it writes on into a file that has no name any more, and into the room that its log has.
 */
export function watchFile(path: string): () => void {
  const opened = statSync(path);
  return () => {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.ino !== opened.ino || now.dev !== opened.dev) {
      throw new Error(
        `${path} was deleted or replaced while it is in use: what is claimed now is lost when the server ends. Restart the server, or restore a backup.`,
      );
    }
    const { bavail, bfree, bsize } = statfsSync(path);
    // Root may use what is kept from others.
    const room = (process.getuid?.() === 0 ? bfree : bavail) * bsize;
    if (room < ROOM_BYTES) throw new Error(`The disk of ${path} is full. Make room on it.`);
  };
}
