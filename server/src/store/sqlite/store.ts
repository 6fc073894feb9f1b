import type { Store } from '../../claims/store.ts';
import { storeOf } from '../shared/store-of.ts';
import { startThread, type ThreadOptions } from './thread.ts';

/**
 * A store in one SQLite file, which several processes on one machine may share. Every answer comes after a commit that
 * was synced to the disk; what arrives together is committed together.
 * @throws {StoreUnavailable} where the file cannot be used, with a sentence that says why.
 */
export async function openSqliteStore(options: ThreadOptions): Promise<Store> {
  const thread = await startThread(options);
  return storeOf(thread.send, {
    durability: 'SQLite, write-ahead log, synchronous FULL: an answer is on the disk before it is given',
    close: () => thread.close(),
  });
}
