/** The store's thread, which dies when it is asked for the tenant `poison`: before the batch, or after its commit. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', (message) => {
  if (message.batch?.includes('"tenant":"poison"') === true) process.exit(1);
});

await import('../../dist/sqlite-worker.js');
