import { setTimeout as pause } from 'node:timers/promises';
import type { OpenStoreUnderTest, StoreUnderTest } from '../world.ts';
import { startClients } from './clients.ts';
import { brokenGroups, startChanges } from './changes.ts';
import { isWritten, judge, report } from './report.ts';
import { makeApiKey, startServerProcess, type ServerProcess } from './servers.ts';

const KILLS = 12;
/** Requests: a busy machine takes longer for as many. */
const ENOUGH = 6_000;
/** A minute where what comes is written down. */
const AT_LEAST_MS = isWritten ? 60_000 : 10_000;
const GROUP_KILLS = isWritten ? KILLS : 5;
const KILL_EVERY_MS = isWritten ? 3_000 : 1_000;

/** Three servers on one store, with and without kills: what every store that several servers share has to stand. */
export function severalServers(name: string, open: OpenStoreUnderTest): void {
  describe(`three servers on one ${name}`, () => {
    let store: StoreUnderTest;
    let servers: readonly ServerProcess[];
    let apiKey: string;
    const load = () => startClients({ servers, apiKey, clients: 32, keys: 200 });

    beforeEach(async () => {
      store = await open();
      apiKey = await makeApiKey(store.url);
      servers = await Promise.all([1, 2, 3].map(() => startServerProcess(store.url)));
    });

    afterEach(async () => {
      await Promise.all(servers.map((server) => server.kill('SIGKILL')));
      await store.close();
    });

    test('are one to their clients', async () => {
      const clients = load();
      const startedAt = Date.now();
      while (Date.now() - startedAt < AT_LEAST_MS || clients.operations.length < ENOUGH) await pause(200);
      const seconds = Math.round((Date.now() - startedAt) / 1_000);
      const operations = await clients.stop();
      const wrong = judge(
        {
          what: 'Three servers share a store; nothing is broken',
          on: name,
          howOften: `${String(seconds)} s`,
        },
        operations,
      );
      expect(operations.length).toBeGreaterThanOrEqual(ENOUGH);
      // A busy machine may keep a few waiting for longer than a server waits for its store.
      const unanswered = operations.filter(({ answer }) => answer === null).length;
      expect(unanswered).toBeLessThan(operations.length / 100);
      expect(wrong).toEqual([]);
    });

    test('are one to their clients while one after the other is killed and started again', async () => {
      const clients = load();
      const until = Date.now() + AT_LEAST_MS;
      let kills = 0;
      for (; Date.now() < until || kills < KILLS || clients.operations.length < ENOUGH; kills += 1) {
        await pause(KILL_EVERY_MS);
        const server = servers[kills % servers.length];
        await server?.kill('SIGKILL');
        await server?.start();
      }
      const operations = await clients.stop();
      const wrong = judge(
        {
          what: 'One of three servers after the other is killed under load',
          on: name,
          howOften: `${String(kills)} kills`,
        },
        operations,
      );
      expect(operations.length).toBeGreaterThanOrEqual(ENOUGH);
      expect(operations.some(({ answer }) => answer === null)).toBe(true);
      expect(wrong).toEqual([]);
    });

    test('keep groups while one after the other is killed: one at a time, and newer only', async () => {
      const load = startChanges({ servers, apiKey, clients: 16, groups: 60 });
      let kills = 0;
      for (; kills < GROUP_KILLS || load.changes.length < ENOUGH / 2; kills += 1) {
        await pause(KILL_EVERY_MS);
        const server = servers[kills % servers.length];
        await server?.kill('SIGKILL');
        await server?.start();
      }
      const changes = await load.stop();
      const broken = brokenGroups(changes);
      const said = new Set(changes.map((change) => change.said));
      report({
        what: 'One of three servers after the other is killed while they keep groups',
        on: name,
        howOften: `${String(kills)} kills`,
        requests: changes.length,
        came: `${String(broken.length)} promises of a group broken`,
      });
      expect([...said]).toEqual(
        expect.arrayContaining(['acquired', 'in_progress', 'stale', 'completed', 'lease_lost']),
      );
      expect(broken).toEqual([]);
    });
  });
}
