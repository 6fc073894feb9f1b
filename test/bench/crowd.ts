import { Agent, request } from 'node:http';
import { createApiKey } from '../../server/src/api-keys.ts';
import { openStore } from '../../server/src/store/open.ts';
import type { Connection } from '../platforms/platform.ts';

/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:9/';
const WAIT_SECONDS = 25;

/** API keys of that many tenants, `tenant-0` first. */
export async function makeTenants(url: string, count: number): Promise<readonly string[]> {
  const store = await openStore(url, { clock: Date.now });
  try {
    const apiKeys: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const key = await createApiKey(store.apiKeys, { tenant: `tenant-${String(n)}`, role: 'automation' });
      apiKeys.push(key.secret);
    }
    return apiKeys;
  } finally {
    await store.close();
  }
}

/** A hook of each tenant to a receiver that is dead, and a claim that it is told of, in vain. */
export async function addDeadHooks(baseUrl: string, apiKeys: readonly string[]): Promise<void> {
  for (const apiKey of apiKeys) {
    await post({ baseUrl, apiKey }, '/v1/hooks', { events: ['claimed'], job: 'told', url: DEAD });
    await post({ baseUrl, apiKey }, '/v1/ai/lease', { key: 'told:1', ttl: 3_600 });
  }
}

/** So many claims that wait for a key which another run holds, each asked again when it is answered. The function answered ends it. */
export async function startWaiting(server: Connection, count: number): Promise<() => Promise<void>> {
  await post(server, '/v1/ai/lease', { key: 'held', ttl: 86_400, holder: 'the first' });
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  let going = true;
  const waiting = Array.from({ length: count }, async (_, n) => {
    while (going) {
      const body = { key: 'held', ttl: 60, holder: `waiting-${String(n)}`, wait: WAIT_SECONDS };
      await post(server, '/v1/ai/lease', body, agent).catch((error: unknown) => {
        if (going) throw error;
      });
    }
  });
  const all = Promise.all(waiting);
  all.catch(() => undefined);
  return async () => {
    going = false;
    agent.destroy();
    await all;
  };
}

/** A duplicate is an answer, too. */
const post = ({ baseUrl, apiKey }: Connection, path: string, body: object, agent?: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'x-onceonly-outcomes': '200',
    };
    const sent = request(baseUrl + path, { method: 'POST', headers, ...(agent && { agent }) }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${path} was answered with ${String(response.statusCode)}.`));
      });
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
