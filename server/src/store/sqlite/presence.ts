import { statfsSync, statSync } from 'node:fs';

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
