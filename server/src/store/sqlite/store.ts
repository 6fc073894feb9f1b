import type { Store } from '../../claims/store.ts';
import { startThread, type ThreadOptions } from './thread.ts';

/**
 * A store in one SQLite file, which several processes on one machine may share. Every answer comes after a commit that
 * was synced to the disk; what arrives together is committed together.
 * @throws {StoreUnavailable} where the file cannot be used, with a sentence that says why.
 */
export async function openSqliteStore(options: ThreadOptions): Promise<Store> {
  const thread = await startThread(options);
  return {
    claims: {
      claim: (claim) => thread.send('claim', claim),
      lock: (lock) => thread.send('lock', lock),
      complete: (complete) => thread.send('complete', complete),
      fail: (fail) => thread.send('fail', fail),
      failRun: (fail) => thread.send('failRun', fail),
      extend: (extend) => thread.send('extend', extend),
      cancel: (cancel) => thread.send('cancel', cancel),
      resolve: (resolve) => thread.send('resolve', resolve),
      read: (read) => thread.send('read', read),
      list: (query) => thread.send('list', query),
      usage: (tenant) => thread.send('usage', { tenant }),
      tellDied: (limit) => thread.send('tellDied', { limit }),
      sweep: (limit) => thread.send('sweep', { limit }),
    },
    apiKeys: {
      create: (apiKey) => thread.send('createApiKey', apiKey),
      find: (hash) => thread.send('findApiKey', { hash }),
      list: () => thread.send('listApiKeys', {}),
      revoke: (id) => thread.send('revokeApiKey', { id }),
    },
    events: {
      recent: (query) => thread.send('recentEvents', query),
      metrics: (query) => thread.send('countEvents', query),
    },
    hooks: {
      create: (hook) => thread.send('createHook', hook),
      list: (owner) => thread.send('listHooks', owner),
      remove: (hook) => thread.send('removeHook', hook),
      deliveries: (query) => thread.send('listDeliveries', query),
      due: (query) => thread.send('dueDeliveries', query),
      async settle(delivery) {
        await thread.send('settleDelivery', delivery);
      },
    },
    durability: 'SQLite, write-ahead log, synchronous FULL: an answer is on the disk before it is given',
    async check() {
      await thread.send('check', {});
    },
    close: () => thread.close(),
  };
}
