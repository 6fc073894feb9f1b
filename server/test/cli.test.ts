import { runHere } from './cli-here.ts';
import { runCommand, startServerProcess, type Ended } from './cli-process.ts';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryDirectory } from './support.ts';

const run = (directory: string, args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  runCommand({ directory, env }, args);
const here = (directory: string, args: string[]): Promise<Ended> => runHere({ directory }, args);

test('what is built loads drivers, metrics and traces only where they are wanted', () => {
  const dist = path.join(__dirname, '../dist');
  const read = new Set<string>();
  const packages = new Set<string>();
  const follow = (file: string): void => {
    if (read.has(file)) return;
    read.add(file);
    const imports = readFileSync(path.join(dist, file), 'utf8').matchAll(
      /^(?:import|\} from|export .*from) .*?"([^"]+)";$/gm,
    );
    for (const [, name = ''] of imports) {
      if (name.startsWith('./')) follow(name.slice(2));
      else packages.add(name);
    }
  };
  follow('cli.js');
  expect(packages).toContain('fastify');
  expect(read.size).toBeGreaterThan(1);
  const lazy = /^(pg|ioredis|prom-client|@opentelemetry\/.*)$/;
  expect([...packages].filter((name) => lazy.test(name))).toEqual([]);
});

test('--help names every command, with an example each', async () => {
  const { code, out } = await run(await temporaryDirectory(), ['--help']);
  expect(code).toBe(0);
  for (const example of [
    'start',
    'api-keys create --tenant acme --role automation',
    'api-keys list',
    'api-keys revoke key_',
    'doctor',
    'mcp',
  ]) {
    expect(out).toContain(`onceonly-server ${example}`);
  }
});

test('--version says which it is', async () => {
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as {
    version: string;
  };
  const directory = await temporaryDirectory();
  for (const flag of ['--version', '-V']) {
    expect(await run(directory, [flag])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  }
});

test('keys are made, listed and revoked; the key alone is on the standard output', async () => {
  const directory = await temporaryDirectory();
  const made = await run(directory, ['api-keys', 'create', '--tenant', 'acme', '--role', 'operator']);
  expect(made.code).toBe(0);
  expect(made.out).toMatch(/^once_live_[A-Za-z0-9_-]{43}\n$/);
  const listed = await here(directory, ['api-keys', 'list', '--json']);
  const [key] = JSON.parse(listed.out) as { id: string }[];
  const id = key?.id ?? '';
  expect(key).toMatchObject({ tenant: 'acme', role: 'operator', revoked_at: null });
  expect(made.err).toContain(id);
  expect(listed.out).not.toContain('once_live_');
  expect(await here(directory, ['api-keys', 'revoke', id])).toMatchObject({
    code: 0,
    err: `Revoked ${id}.\n`,
  });
  const table = (await here(directory, ['api-keys', 'list'])).out;
  expect(table).toMatch(/^ID +TENANT +ROLE +CREATED +REVOKED\n/);
  expect(table).toMatch(new RegExp(`${id} +acme +operator +\\S+Z +\\S+Z\n$`));
});

test('what looks makes no store where there is none, and what makes one says where', async () => {
  const directory = await temporaryDirectory();
  const none = {
    code: 1,
    out: '',
    err: expect.stringMatching(/^There is no store at .*mistyped\.db\. /) as string,
  };
  const env = { ONCEONLY_STORE: 'sqlite:./mistyped.db' };
  for (const args of [['doctor'], ['api-keys', 'list'], ['api-keys', 'revoke', 'key_none'], ['set-clock']]) {
    expect(await run(directory, args, env)).toEqual(none);
    expect(readdirSync(directory)).toEqual([]);
  }
  const create = ['api-keys', 'create', '--tenant', 'acme'];
  const first = await run(directory, create, env);
  expect(first.err).toMatch(/^A new store was made: There is no store at .*mistyped\.db/);
  expect(first.err).toContain(`in the store sqlite:${realpathSync(directory)}/mistyped.db.`);
  const second = await run(directory, create, env);
  expect(second.err).toMatch(/^Made key_/);
});

test('what looks at a file of an older version leaves it as it is, and says so', async () => {
  const directory = await temporaryDirectory();
  const path = `${directory}/claims.db`;
  await here(directory, ['api-keys', 'create', '--tenant', 'acme']);
  const version = (set = ''): unknown => {
    const db = new DatabaseSync(path);
    db.exec(set);
    const found = db.prepare('PRAGMA user_version').get();
    db.close();
    return found;
  };
  version('DROP INDEX claims_asking; PRAGMA user_version = 2');
  const { code, out } = await here(directory, ['doctor']);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/older version.*the server's next start upgrades it/),
  ]);
  expect((await here(directory, ['api-keys', 'list'])).out).toContain('acme');
  expect(version()).toEqual({ user_version: 2 });
});

test('what goes wrong is a sentence on the standard error, exit code 1, no stack', async () => {
  const directory = await temporaryDirectory();
  await here(directory, ['api-keys', 'create', '--tenant', 'acme']);
  const cases: [string[], Record<string, string>, RegExp][] = [
    [['start'], { ONCEONLY_PORT: 'x' }, /^ONCEONLY_PORT is “x”, but it must be/],
    [['start'], { ONCEONLY_STORE: `sqlite:${directory}` }, /./],
    [['mcp'], {}, /^API Key: .* It is read from ONCEONLY_API_KEY\./],
    [['mcp'], { ONCEONLY_URL: 'ftp://x' }, /^Base URL: .* It is read from ONCEONLY_URL\./],
    [['mcp', 'guard', '--', 'x'], {}, /^Say where claims are kept: in a file, with --store sqlite:guard\.db/],
    [['mcp', 'guard', '--store', 'guard.db', '--', 'x'], {}, /Write it as “sqlite:” and the path of a file/],
    [['api-keys', 'revoke', 'key_none'], {}, /^There is no API key “key_none”/],
    [['api-keys', 'create'], {}, /--tenant/],
    [['api-keys', 'create', '--tenant', 'a b'], {}, /letters, digits/],
    [['api-keys', 'create', '--tenant', 'a', '--role', 'king'], {}, /automation, operator/],
    [['frobnicate'], {}, /unknown command/],
  ];
  const ended = await Promise.all(cases.map(([args, more]) => run(directory, args, more)));
  ended.forEach(({ code, out, err }, index) => {
    expect([index, code, out]).toEqual([index, 1, '']);
    expect(err).toMatch(cases[index]?.[2] ?? /^$/);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

test('doctor names a setting that is misspelt', async () => {
  const directory = await temporaryDirectory();
  await here(directory, ['api-keys', 'create', '--tenant', 'acme']);
  const { err } = await runHere({ directory, env: { ONCEONLY_STOER: 'sqlite:x' } }, ['doctor']);
  expect(err).toContain('ONCEONLY_STOER is no setting of the server, and has no effect.');
});

test('doctor says that a file is well', async () => {
  const directory = await temporaryDirectory();
  await here(directory, ['api-keys', 'create', '--tenant', 'acme']);
  const { code, out } = await here(directory, ['doctor']);
  expect(code).toBe(0);
  expect(out).toMatch(/^ok +The store sqlite:.* can be read and written\.$/m);
  expect(out).toMatch(/^ok +SQLite: write-ahead log, synchronous FULL/m);
});

test('start serves, takes a key made meanwhile, and ends well at SIGTERM', async () => {
  const directory = await temporaryDirectory();
  const server = await startServerProcess({ directory });
  try {
    const apiKey = (await here(directory, ['api-keys', 'create', '--tenant', 'acme'])).out.trim();
    const claim = await fetch(`${server.url}/v1/ai/lease`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: '{"key":"k"}',
    });
    expect(await claim.json()).toMatchObject({ status: 'acquired' });
    expect(await server.end()).toBe(0);
  } finally {
    await server.end('SIGKILL');
  }
});
