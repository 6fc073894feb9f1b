import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres, type PostgresService } from './services/postgres.ts';
import { whenGone } from './services/processes.ts';

let postgres: PostgresService;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

async function query(sql: string, url = postgres.url): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('syncs every commit, and keeps its data and port over stop, kill and restart', async () => {
  expect(await query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  expect(await query('SHOW fsync')).toEqual([{ fsync: 'on' }]);
  await query('CREATE TABLE kept AS SELECT 1 AS one');
  await postgres.stop();
  await expect(query('SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await postgres.restart();
  await postgres.kill();
  await expect(query('SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await postgres.restart();
  expect(await query('SELECT one FROM kept')).toEqual([{ one: 1 }]);
});

test('copies a database', async () => {
  const first = await postgres.createDatabase();
  await query('CREATE TABLE copied AS SELECT 2 AS two', first);
  expect(await query('SELECT two FROM copied', await postgres.createDatabase(first))).toEqual([{ two: 2 }]);
  await expect(query('SELECT two FROM copied', await postgres.createDatabase())).rejects.toThrow(
    'does not exist',
  );
});

test('answers nothing while frozen, and goes on when thawed', async () => {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  postgres.freeze();
  const answer = client.query('SELECT 3 AS three');
  const impatient = new Client({ connectionString: postgres.url, connectionTimeoutMillis: 500 });
  await expect(impatient.connect()).rejects.toThrow('timeout');
  postgres.thaw();
  expect((await answer).rows).toEqual([{ three: 3 }]);
  await client.end();
});

test('ends, and its data go, with the process that started it', async () => {
  const child = spawn(process.execPath, [join(__dirname, 'services/postgres-child.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.endsWith('\n')) break;
  }
  const folder = said.trim();
  const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  child.kill('SIGKILL');
  await whenGone([pid]);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const look = setInterval(() => {
    if (!existsSync(folder)) resolve(undefined);
  }, 20);
  await promise;
  clearInterval(look);
  expect(existsSync(folder)).toBe(false);
});
