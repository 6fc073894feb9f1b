import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { startClients } from './clients.ts';
import { flooded } from './flood.ts';
import { judge } from './report.ts';
import { makeApiKey, startServerProcess } from './servers.ts';
import { severalServers } from './several-servers.ts';

jest.setTimeout(900_000);

/** On a real disk: durability is what is tested. */
async function file() {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-'));
  const path = join(folder, 'claims.db');
  return { path, url: `sqlite:${path}`, close: () => rm(folder, { recursive: true, force: true }) };
}

const KILLS = 50;

severalServers('SQLite file', file);
flooded('SQLite file', file);

test('a server that is killed fifty times under load forgets nothing that it said, and its file stays sound', async () => {
  const { path, url, close } = await file();
  const apiKey = await makeApiKey(url);
  const server = await startServerProcess(url);
  const clients = startClients({ servers: [server], apiKey, clients: 16, keys: 50 });
  for (let kill = 0; kill < KILLS; kill += 1) {
    // At any instant of a start, a batch or a checkpoint.
    await pause(Math.random() * 600);
    await server.kill('SIGKILL');
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
    await server.start();
  }
  const operations = await clients.stop();
  await server.kill('SIGTERM');
  const wrong = judge(
    {
      what: 'The only server is killed at any instant',
      on: 'SQLite file',
      howOften: `${String(KILLS)} kills`,
    },
    operations,
    '; the file was sound after each',
  );
  expect(operations.length).toBeGreaterThan(1_000);
  expect(wrong).toEqual([]);
  await close();
});
