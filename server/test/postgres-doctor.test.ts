import { SCHEMA_VERSION } from '../src/store/postgres/migrations.ts';
import { readConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { openPostgresStore } from '../src/store/postgres/store.ts';
import { doctor } from './doctor.ts';
import { HOUR_MS } from './store/fixture.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

const postgres = usePostgres();

async function careless(): Promise<string> {
  const url = await postgres().createDatabase();
  await query(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
  await make(url);
  return url;
}

async function make(url: string): Promise<void> {
  await (await openPostgresStore({ url, clock: Date.now })).close();
}

test('a database that no server has used is left as it is, and named', async () => {
  const url = await postgres().createDatabase();
  const { code, out, err } = await doctor(url);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^There is no store in postgres:.* it has no schema onceonly/);
  expect(await query(url, "SELECT FROM pg_namespace WHERE nspname = 'onceonly'")).toEqual([]);
});

test('a schema of an older version is left as it is, and named', async () => {
  const url = await postgres().createDatabase();
  await make(url);
  const version = () => query(url, "SELECT value FROM onceonly.counters WHERE name = 'schema'");
  await query(url, "UPDATE onceonly.counters SET value = 2 WHERE name = 'schema'");
  const { code, out } = await doctor(url);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/older version.*the server's next start upgrades it/),
  ]);
  expect(await version()).toEqual([{ value: '2' }]);
});

test('another encoding than UTF-8 is refused at the start', async () => {
  const admin = postgres().url;
  await query(
    admin,
    "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
  );
  const url = admin.replace(/\/postgres$/, '/latin');
  await expect(openPostgresStore({ url, clock: Date.now })).rejects.toThrow(
    /encoding is LATIN1.*ENCODING 'UTF8'/,
  );
  expect(await query(url, "SELECT FROM pg_namespace WHERE nspname = 'onceonly'")).toEqual([]);
  // As one that a server of before has used.
  await query(url, 'CREATE SCHEMA onceonly CREATE TABLE counters (name text PRIMARY KEY, value bigint)');
  await query(url, `INSERT INTO onceonly.counters VALUES ('schema', ${SCHEMA_VERSION})`);
  const { code, out } = await doctor(url);
  expect([code, out]).toEqual([1, expect.stringMatching(/^danger +The database's encoding is LATIN1/m)]);
});

test('tables that the user may not write, and a database that takes no writes, are named at the start and by doctor', async () => {
  const url = await postgres().createDatabase();
  await make(url);
  const name = new URL(url).pathname.slice(1);
  await query(url, 'CREATE ROLE reader LOGIN');
  await query(
    url,
    'GRANT USAGE ON SCHEMA onceonly TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA onceonly TO reader',
  );
  const reader = url.replace('postgres@', 'reader@');
  await expect(openPostgresStore({ url: reader, clock: Date.now })).rejects.toThrow(
    /schema onceonly \(.*claims.*GRANT/,
  );
  expect((await doctor(reader)).out).toMatch(/^danger .*schema onceonly \(.*claims/m);
  await query(url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await expect(openPostgresStore({ url, clock: Date.now })).rejects.toThrow(/takes no writes/);
  expect((await doctor(url)).out).toMatch(/^danger +The database takes no writes/m);
});

test('a database with its default settings is well', async () => {
  await make(postgres().url);
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
