import { SCHEMA_VERSION } from '../src/store/postgres/migrations.ts';
import { readConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { openPostgresStore } from '../src/store/postgres/store.ts';
import { doctor } from './doctor.ts';
import { HOUR_MS } from './store/fixture.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

// The disk may be busy with others' work.
jest.setTimeout(120_000);

const postgres = usePostgres();

async function careless(): Promise<string> {
  const url = await postgres().createDatabase();
  await query(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
  return url;
}

test('a database with its default settings is well', async () => {
  const { code, out, err } = await doctor(postgres().url);
  expect([code, err]).toEqual([0, '']);
  for (const said of [
    'can be read and written',
    'fsync is on',
    'synchronous_commit is on',
    `schema ${SCHEMA_VERSION}`,
  ]) {
    expect(out).toContain(said);
  }
  expect(out).not.toContain('danger');
});

test('a setting that can lose a claim is named with its remedy, exit code 1', async () => {
  const { code, out } = await doctor(await careless());
  expect(code).toBe(1);
  expect(out).toMatch(
    /^danger +Postgres: synchronous_commit is off, so a crash can lose .*\n +Set synchronous_commit = on/m,
  );
});

test('a database that cannot be reached is a sentence, without its password, exit code 1', async () => {
  const { code, out, err } = await doctor('postgres://me:secret@127.0.0.1:1/db');
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^The database cannot be reached: /);
  expect(err).not.toContain('secret');
});

test('the start warns of it, /v1/me says it, and no log has the password', async () => {
  const logs: string[] = [];
  const url = (await careless()).replace('postgres@', 'postgres:secret@');
  const config = readConfig({ ONCEONLY_PORT: '0', ONCEONLY_STORE: url });
  const server = await startServer({ config, log: { write: (line) => void logs.push(line) } });
  await server.close();
  expect(logs.filter((line) => line.includes('"level":40'))).toEqual([
    expect.stringMatching(/"remedy":"Set synchronous_commit = on.*synchronous_commit is off/) as string,
  ]);
  expect(logs.join('')).not.toContain('secret');
  const store = await openPostgresStore({ url, clock: Date.now });
  expect(store.durability).toMatch(/synchronous_commit off: a crash of the database can lose/);
  await store.close();
});

test('clocks that are apart are told, and end nothing', async () => {
  const store = await openPostgresStore({ url: postgres().url, clock: () => Date.now() + HOUR_MS });
  const findings = await store.inspect();
  expect(findings.every(({ ok }) => ok)).toBe(true);
  const apart = findings.find(({ what }) => what.includes('seconds apart'));
  expect(apart).toMatchObject({
    what: expect.stringMatching(/ 3\d\d\d seconds apart/) as string,
    remedy: expect.stringContaining('NTP') as string,
  });
  await store.close();
});
