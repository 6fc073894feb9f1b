import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { worstRequests, type WorstRequest } from '../bench/worst-requests.ts';
import type { OpenStoreUnderTest } from '../world.ts';
import { startClients } from './clients.ts';
import { isWritten, judge } from './report.ts';
import { makeApiKey, startServerProcess } from './servers.ts';

/** Requests of the clients that are to be served. */
const ENOUGH = 500;
/** Longer where what comes is written down. */
const AT_LEAST_MS = isWritten ? 30_000 : 5_000;
/** Of each kind. */
const CONNECTIONS = 4;

const CLAIM = { method: 'POST', path: '/v1/ai/lease', body: '{"key":"k"}' };

/**
 * One tenant sends the worst requests of each path, and others come without a valid API key, as fast as they are answered,
 * while another tenant's clients claim.
 */
export function flooded(name: string, open: OpenStoreUnderTest): void {
  test(`a tenant on one ${name} is served rightly while others flood the server`, async () => {
    const store = await open();
    const server = await startServerProcess(store.url);
    const apiKey = await makeApiKey(store.url);
    // All come from one address here: after a minute's share of unknown keys, one that was never seen before has to wait there.
    await axios.get(`${server.baseUrl}/v1/me`, {
      headers: { authorization: `Bearer ${apiKey}` },
      proxy: false,
    });
    const flood = startFlood(server.baseUrl, await makeApiKey(store.url, 'hostile'));
    try {
      const clients = startClients({ servers: [server], apiKey, clients: 16, keys: 100 });
      const startedAt = Date.now();
      while (Date.now() - startedAt < AT_LEAST_MS || clients.operations.length < ENOUGH) await pause(200);
      const operations = await clients.stop();
      const statuses = await flood.stop();
      const hostile = statuses.length.toLocaleString('en-US');
      const failed = statuses.filter((status) => status >= 500).length;
      const wrong = judge(
        {
          what: 'Another tenant sends the worst requests there are, others come without a valid API key',
          on: name,
          howOften: `${hostile} hostile requests`,
        },
        operations,
        `; of the hostile ones ${String(failed)} had an answer of 500 or more`,
      );
      expect(wrong).toEqual([]);
      expect(operations.filter(({ answer }) => answer === null)).toEqual([]);
      expect(failed).toBe(0);
      expect(new Set(statuses).size).toBeGreaterThan(2);
    } finally {
      await flood.stop();
      await server.kill('SIGKILL');
      await store.close();
    }
  });
}

interface Flood {
  /** Sends nothing new; resolves to the status of every answer. */
  stop(): Promise<readonly number[]>;
}

function startFlood(baseUrl: string, apiKey: string): Flood {
  const worst = worstRequests();
  const statuses: number[] = [];
  let going = true;

  async function send({ method, path, body }: Omit<WorstRequest, 'name'>, key: string): Promise<void> {
    const { status } = await axios.request({
      method,
      url: baseUrl + path,
      ...(body !== undefined && { data: body }),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      proxy: false,
      responseType: 'text',
      validateStatus: () => true,
    });
    statuses.push(status);
  }

  async function worstOf(connection: number): Promise<void> {
    for (let nth = connection; going; nth += CONNECTIONS) {
      const request = worst[nth % worst.length];
      if (request !== undefined) await send(request, apiKey);
    }
  }

  async function unknown(): Promise<void> {
    while (going) await send(CLAIM, `once_live_${randomBytes(32).toString('base64url')}`);
  }

  const work = Promise.all(
    Array.from({ length: CONNECTIONS }, (_, connection) => [worstOf(connection), unknown()]).flat(),
  );
  return {
    async stop() {
      going = false;
      await work;
      return statuses;
    },
  };
}
