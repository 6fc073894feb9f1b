/**
 * A process of the benches: our server of a tree on a store, `node serve.ts TREE STORE_URL on|off [HOOK_URL]`, which sends its parent
 * where it listens. On: events, metrics, limits of requests, and three hooks, of which one is told of one claim in 500.
 */
import { join } from 'node:path';
import type * as ApiKeysModule from '../../server/src/api-keys.ts';
import type * as ConfigModule from '../../server/src/config.ts';
import type * as ServerModule from '../../server/src/server.ts';
import type * as StoreModule from '../../server/src/store/open.ts';

const [tree = '', url = '', watching = 'on', hookUrl] = process.argv.slice(2);
const source = (file: string): string => join(tree, 'server/src', file);
const { startServer } = (await import(source('server.ts'))) as typeof ServerModule;
const { readConfig } = (await import(source('config.ts'))) as typeof ConfigModule;
const { openStore } = (await import(source('store/open.ts'))) as typeof StoreModule;
const { createApiKey } = (await import(source('api-keys.ts'))) as typeof ApiKeysModule;

const isOn = watching === 'on';
const server = await startServer({
  // No setting switches events off; the store that is handed over here writes none.
  open: (options) => openStore(url, isOn ? options : { ...options, eventDays: 0 }),
  config: readConfig({
    ONCEONLY_PORT: '0',
    ONCEONLY_STORE: url,
    ONCEONLY_LOG_LEVEL: 'silent',
    ONCEONLY_RATE_LIMIT: isOn ? '10000000' : '0',
    ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'allow',
    ONCEONLY_METRICS: isOn ? 'open' : 'off',
  }),
});
const store = await openStore(url, { clock: Date.now });
const { secret: apiKey } = await createApiKey(store.apiKeys, { tenant: 'acme', role: 'automation' });
await store.close();

/** Two wait for what seldom happens, and one is told of every claim of the job `told`. */
const HOOKS = [
  { events: ['run_died', 'unresolved'] },
  { events: ['failed', 'exhausted'] },
  { events: ['claimed'], job: 'told' },
];
for (const hook of hookUrl === undefined ? [] : HOOKS) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ ...hook, url: hookUrl });
  const answer = await fetch(`${server.url}/v1/hooks`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}

process.on('disconnect', () => {
  void server.close().finally(() => process.exit());
});
process.send?.({ baseUrl: server.url, apiKey });
