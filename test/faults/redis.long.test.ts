import { setTimeout as pause } from 'node:timers/promises';
import { startRedis, startRedisCluster } from '../../server/test/services/redis.ts';
import { startClients } from './clients.ts';
import { flooded } from './flood.ts';
import { killedStore } from './killed-store.ts';
import { judge } from './report.ts';
import { makeApiKey, startServerProcess } from './servers.ts';
import { severalServers } from './several-servers.ts';

jest.setTimeout(900_000);

severalServers('Redis', () => startRedis());
flooded('Redis', () => startRedis());
killedStore('Redis', () => startRedis());

const CUTS = 6;
const CUT_OFF_MS = 4_000;

test('a cluster of which one node after the other is cut off forgets nothing that it said', async () => {
  const cluster = await startRedisCluster(3);
  const apiKey = await makeApiKey(cluster.url);
  const servers = await Promise.all([1, 2].map(() => startServerProcess(cluster.url)));
  try {
    const clients = startClients({ servers, apiKey, clients: 16, keys: 100 });
    for (let cut = 0; cut < CUTS; cut += 1) {
      const node = cluster.nodes[cut % cluster.nodes.length];
      node?.freeze();
      await pause(CUT_OFF_MS);
      node?.thaw();
      const before = clients.operations.length;
      while (clients.operations.slice(before).filter(({ answer }) => answer !== null).length < 200) {
        await pause(50);
      }
    }
    const operations = await clients.stop();
    const wrong = judge(
      {
        what: 'One node of a cluster after the other is cut off under load',
        on: 'Redis',
        howOften: `${String(CUTS)} times, for ${String(CUT_OFF_MS / 1_000)} s`,
      },
      operations,
    );
    // Whoever asked the node meanwhile had to wait, or got no answer.
    const waited = operations.filter(({ startedAt, endedAt }) => endedAt - startedAt > CUT_OFF_MS / 2);
    expect(waited.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  } finally {
    await Promise.all(servers.map((server) => server.kill('SIGKILL')));
    await cluster.close();
  }
});
