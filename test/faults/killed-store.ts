import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { startClients } from './clients.ts';
import { judge, report } from './report.ts';
import { makeApiKey, startServerProcess, type ServerProcess } from './servers.ts';

/** A store in processes of its own, of which a test can have its way. */
export interface StoreService {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const KILLS = 10;
const FROZEN_MS = 5_000;
/** What a server takes to give a store up, and a busy machine to say so. */
const DEADLINE_MS = 20_000;

/** Two servers whose store is killed, or hangs, under load. */
export function killedStore(name: string, start: () => Promise<StoreService>): void {
  describe(`two servers on one ${name}`, () => {
    let store: StoreService;
    let servers: readonly ServerProcess[];
    let apiKey: string;

    beforeEach(async () => {
      store = await start();
      apiKey = await makeApiKey(store.url);
      servers = await Promise.all([1, 2].map(() => startServerProcess(store.url)));
    });

    afterEach(async () => {
      await Promise.all(servers.map((server) => server.kill('SIGKILL')));
      await store.close();
    });

    test('lose nothing of what was acknowledged when it is killed under load, again and again', async () => {
      const clients = startClients({ servers, apiKey, clients: 32, keys: 100 });
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = clients.operations.length;
        await until(
          () => clients.operations.slice(before).filter(({ answer }) => answer !== null).length > 200,
        );
        await store.kill();
        await store.restart();
      }
      const operations = await clients.stop();
      const wrong = judge(
        { what: 'The store itself is killed under load', on: name, howOften: `${String(KILLS)} kills` },
        operations,
      );
      expect(operations.some(({ answer }) => answer === null)).toBe(true);
      expect(wrong).toEqual([]);
    });

    test('end every request with 503 and Retry-After while it hangs, and serve at once when it goes on', async () => {
      const claim = async (key: string) => {
        const [server] = servers;
        const startedAt = performance.now();
        const { status, headers } = await axios.post(
          `${String(server?.baseUrl)}/v1/ai/lease`,
          { key },
          { headers: { authorization: `Bearer ${apiKey}` }, proxy: false, validateStatus: () => true },
        );
        return { status, retryAfter: Number(headers['retry-after']), ms: performance.now() - startedAt };
      };
      expect(await claim('before')).toMatchObject({ status: 200 });
      store.freeze();
      const frozen = Promise.all(Array.from({ length: 200 }, (_, index) => claim(`frozen/${String(index)}`)));
      await pause(FROZEN_MS);
      const answers = await frozen;
      store.thaw();
      const slowest = Math.max(...answers.map(({ ms }) => ms));
      report({
        what: 'The store hangs under load, and goes on',
        on: name,
        howOften: `once, for ${String(FROZEN_MS / 1_000)} s or more`,
        requests: answers.length,
        came: `${String(answers.filter(({ status }) => status === 503).length)} answers 503, the slowest after ${(slowest / 1_000).toFixed(1)} s`,
      });
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect(answers.every(({ retryAfter }) => retryAfter >= 1)).toBe(true);
      expect(slowest).toBeLessThan(DEADLINE_MS);
      await until(async () => (await claim(`after/${String(Math.random())}`)).status === 200);
    });
  });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come about within a minute.');
    await pause(50);
  }
}
