import type { Store } from '../store.ts';
import type { Clock } from '../../clock.ts';
import { differing } from '../shared/time.ts';
import { storeOf } from '../shared/store-of.ts';
import { startThread, type ThreadOptions } from './thread.ts';

export interface SqliteStoreOptions extends ThreadOptions {
  readonly wall?: Clock;
}

/** The advice if the time of the store differs from the clock of this machine. */
export const THIS_MACHINE = {
  of: "this machine's clock",
  whenAhead: 'See that the clock is right, stop the server, and run “onceonly-server set-clock”.',
  whenBehind:
    'See that the clock is right, and restart the server: what is between them then counts as time in which it was down.',
} as const;

/**
 * Opens a store in one SQLite file, which several processes on one machine may share. Every answer is given after a commit that was
 * synced to the disk. Requests that arrive together are committed together.
 * @throws {StoreUnavailable} if the file cannot be used, with a sentence that says why.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const thread = await startThread(options);
  const wall = options.wall ?? options.clock;
  return storeOf(thread.send, {
    durability: 'SQLite, write-ahead log, synchronous FULL: an answer is on the disk before it is given',
    findings: ({ now }) => differing(now, wall(), THIS_MACHINE),
    close: () => thread.close(),
  });
}
