import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApiKey } from '../src/api-keys.ts';
import { openStore } from '../src/store/open.ts';
import { runHere } from './cli-here.ts';
import { runCommand, startCommand, startServerProcess } from './cli-process.ts';

/** A server process with keys of both roles, and commands that ask it. */
export async function openCommandLine() {
  const directory = await mkdtemp(path.join(tmpdir(), 'onceonly-'));
  const store = await openStore(`sqlite:${directory}/claims.db`, { clock: Date.now });
  const automation = (await createApiKey(store.apiKeys, { tenant: 'acme', role: 'automation' })).secret;
  const operator = (await createApiKey(store.apiKeys, { tenant: 'acme', role: 'operator' })).secret;
  await store.close();
  let server = await startServerProcess({ directory });
  const env = { ONCEONLY_URL: server.url, ONCEONLY_API_KEY: operator };
  const where = { directory, env };
  const post = async (path: string, body: object | string) => {
    const headers = { authorization: `Bearer ${automation}`, 'content-type': 'application/json' };
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return (await response.json()) as { lease_id: string; status: string };
  };
  return {
    where,
    automation,
    url: server.url,
    post,
    /** The keys of events. */
    async events(path: string): Promise<readonly string[]> {
      const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${operator}` } });
      const { items } = (await response.json()) as { items: readonly { readonly key: string }[] };
      return items.map(({ key }) => key);
    },
    claim: (key: string, more: object = {}) => post('/v1/ai/lease', { key, ...more }),
    run: (...args: readonly string[]) => runHere(where, args),
    /** In a process of its own, as at a prompt. */
    runAlone: (args: readonly string[], more: Record<string, string> = {}) =>
      runCommand({ directory, env: { ...env, ...more } }, args),
    tail: (...args: readonly string[]) => startCommand(where, ['tail', ...args]),
    stop: () => server.end('SIGKILL'),
    close: async () => {
      await server.end('SIGKILL');
      await rm(directory, { recursive: true });
    },
    async restart() {
      server = await startServerProcess({ directory, env: { ONCEONLY_PORT: new URL(server.url).port } });
    },
  };
}
