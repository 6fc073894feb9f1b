import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiKey } from '../../server/src/api-keys.ts';
import { readConfig } from '../../server/src/config.ts';
import { startServer } from '../../server/src/server.ts';
import { openStore, type StoreOptions } from '../../server/src/store/open.ts';
import { sqlite } from '../world.ts';

/** A process of its own: our server on SQLite, with what its arguments name: `events`, `metrics`, `hooks`. */
const on = new Set(process.argv.slice(2));

/** Two wait for what seldom happens, and one is told of every claim of the job `told`. */
const HOOKS = [
  { events: ['run_died', 'unresolved'] },
  { events: ['failed', 'exhausted'] },
  { events: ['claimed'], job: 'told' },
];

const file = await sqlite();
// No setting switches events off; the store that is handed over here writes none.
const open = (options: StoreOptions) =>
  openStore(file.url, on.has('events') ? options : { ...options, eventDays: 0 });
const server = await startServer({
  open,
  config: readConfig({
    ONCEONLY_PORT: '0',
    ONCEONLY_STORE: file.url,
    ONCEONLY_LOG_LEVEL: 'silent',
    ONCEONLY_RATE_LIMIT: '0',
    ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'allow',
    ONCEONLY_METRICS: on.has('metrics') ? 'open' : 'off',
  }),
});
const store = await openStore(file.url, { clock: Date.now });
const { secret: apiKey } = await createApiKey(store.apiKeys, { tenant: 'acme', role: 'automation' });
await store.close();

const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end());
});
if (on.has('hooks')) {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/`;
  for (const hook of HOOKS) {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...hook, url });
    const made = await fetch(`${server.url}/v1/hooks`, { method: 'POST', headers, body });
    if (!made.ok) throw new Error(await made.text());
  }
}

process.send?.({ baseUrl: server.url, apiKey });
process.on('disconnect', () => {
  void file.close().finally(() => process.exit());
});
