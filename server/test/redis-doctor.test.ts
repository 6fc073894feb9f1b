import { Redis } from 'ioredis';
import { readConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { openStore } from '../src/store/open.ts';
import { doctor } from './doctor.ts';
import { startRedis, type RedisService, type RedisSettings } from './services/redis.ts';
import { eventually } from './store/waiting.ts';

const services: RedisService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

/** The URL of a new Redis, with its password. */
async function start(settings: RedisSettings = {}): Promise<string> {
  const service = await startRedis({ requirepass: 'secret', 'maxmemory-policy': 'noeviction', ...settings });
  services.push(service);
  const url = `redis://:secret@127.0.0.1:${service.port}`;
  await (await openStore(url, { clock: Date.now })).close();
  return url;
}

test('a Redis that loses nothing is well, and its password is not shown', async () => {
  const url = await start();
  const { code, out, err } = await doctor(url);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`ok      The store ${url.replace('secret', '***')} can be read and written.`);
  expect(out).toContain('appendfsync always, so an answer is on the disk');
  expect(out).not.toMatch(/danger|secret/);
});

test('a prefix that no server has used is left as it is, and named', async () => {
  const url = await start();
  const { code, out, err } = await doctor(`${url}?prefix=mistyped`);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^There is no store in redis:.*: no key begins with \{mistyped\}/);
  const admin = new Redis(url);
  expect(await admin.keys('*mistyped*')).toEqual([]);
  expect(await admin.get('{onceonly}:schema')).toBe('1');
  await admin.set('{onceonly}:schema', 2);
  admin.disconnect();
  await expect(openStore(url, { clock: Date.now })).rejects.toThrow(
    /newer version of this server \(schema 2/,
  );
});

test('what is not synced while the file is written anew is named', async () => {
  const { code, out } = await doctor(await start({ 'no-appendfsync-on-rewrite': 'yes' }));
  expect(code).toBe(1);
  expect(out).toMatch(
    /^danger +Redis .*no-appendfsync-on-rewrite yes.*\n +Set no-appendfsync-on-rewrite no/m,
  );
});

test('a setting that can lose a claim is named with its remedy, exit code 1', async () => {
  const { code, out } = await doctor(await start({ appendfsync: 'everysec' }));
  expect(code).toBe(1);
  expect(out).toMatch(
    /^danger +Redis \d.*appendfsync everysec, so a crash may lose .*\n +Set appendfsync always/m,
  );
});

test.each(['redis://me:secret@127.0.0.1:1', 'rediss://me:secret@127.0.0.1:1'])(
  '%s, which cannot be reached, is a sentence without the password, exit code 1',
  async (url) => {
    const { code, out, err } = await doctor(url);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Redis cannot be reached\. /);
    expect(err).not.toContain('secret');
  },
);

test('a password that is refused is a sentence without it, exit code 1', async () => {
  const { code, out, err } = await doctor((await start()).replace('secret', 'other'));
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^Redis refuses the user or password/);
  expect(err).not.toContain('other');
});

test('the start warns of what can be lost, and no log has the password, even once it is refused', async () => {
  const logs: string[] = [];
  const url = await start({ appendfsync: 'everysec' });
  const config = readConfig({ ONCEONLY_PORT: '0', ONCEONLY_STORE: url, ONCEONLY_LOG_LEVEL: 'trace' });
  const server = await startServer({ config, log: { write: (line) => void logs.push(line) } });
  expect(logs.filter((line) => line.includes('"level":40'))).toEqual([
    expect.stringMatching(/"remedy":"Set appendfsync always.*appendfsync everysec/) as string,
  ]);
  const admin = new Redis(url);
  await admin.config('SET', 'requirepass', 'another');
  await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  admin.disconnect();
  await eventually(() => {
    expect(logs.join('')).toMatch(/"level":50.*Redis refuses the user or password/);
  });
  await server.close();
  expect(logs.join('')).toContain('"listening"');
  expect(logs.join('')).not.toContain('secret');
});
