import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
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
