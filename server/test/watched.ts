import { createApiKey } from '../src/api-keys.ts';
import { readConfig } from '../src/config.ts';
import { startServer, type RunningServer, type ServerOptions } from '../src/server.ts';
import { openStore } from '../src/store/open.ts';
import { temporaryDirectory } from './support.ts';

/** A whole server, with its chores, on a store of its own; the test closes it. */
export interface WatchedServer extends RunningServer {
  readonly operatorKey: string;
  readonly automationKey: string;
  post(path: string, body: object): Promise<Record<string, unknown>>;
  metrics(apiKey?: string): Promise<Response>;
}

export async function openWatched(
  env: Record<string, string> = {},
  more: Pick<ServerOptions, 'tracing' | 'clock'> = {},
): Promise<WatchedServer> {
  const config = readConfig({
    ONCEONLY_PORT: '0',
    ONCEONLY_STORE: `sqlite:${await temporaryDirectory()}/claims.db`,
    ONCEONLY_LOG_LEVEL: 'silent',
    ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'allow',
    ...env,
  });
  const store = await openStore(config.store, { clock: Date.now });
  const automation = await createApiKey(store.apiKeys, { tenant: 'acme', role: 'automation' });
  const operator = await createApiKey(store.apiKeys, { tenant: 'acme', role: 'operator' });
  await store.close();
  const server = await startServer({ ...more, config });
  return {
    ...server,
    operatorKey: operator.secret,
    automationKey: automation.secret,
    async post(path, body) {
      const headers = { authorization: `Bearer ${automation.secret}`, 'content-type': 'application/json' };
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    metrics: (apiKey) =>
      fetch(
        `${server.url}/metrics`,
        apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } },
      ),
  };
}

/** The samples of Prometheus's text format: name and labels as they are written, and the number. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
