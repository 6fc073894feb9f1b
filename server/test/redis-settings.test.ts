import { Redis } from 'ioredis';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { openReadOnly, openStore } from '../src/store/open.ts';
import { startRedis, type RedisService, type RedisSettings } from './services/redis.ts';
import { claimOf } from './store/fixture.ts';
import { eventually } from './store/waiting.ts';

const services: RedisService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function start(settings: RedisSettings): Promise<RedisService> {
  const service = await startRedis(settings);
  services.push(service);
  return service;
}

async function told(settings: RedisSettings) {
  const { url } = await start(settings);
  const store = await openStore(url, { clock: Date.now });
  try {
    return { durability: store.durability, findings: await store.inspect() };
  } finally {
    await store.close();
  }
}

describe('what a Redis keeps', () => {
  it('is said where it keeps everything', async () => {
    const { durability, findings } = await told({});
    expect(durability).toMatch(/^Redis \d.*appendfsync always, so an answer is on the disk/);
    expect(findings.map(({ ok, remedy }) => [ok, remedy])).toEqual([
      [true, null],
      [true, null],
      [true, null],
    ]);
  });

  it('is said, with a remedy, where it can lose what it answered', async () => {
    const everysec = await told({
      appendfsync: 'everysec',
      'maxmemory-policy': 'allkeys-lru',
      maxmemory: '1gb',
    });
    expect(everysec.durability).toMatch(/two seconds/);
    expect(everysec.findings).toMatchObject([
      { ok: false, remedy: expect.stringMatching(/Set appendfsync always/) as unknown },
      { ok: false, remedy: expect.stringMatching(/noeviction/) as unknown },
      { ok: true },
    ]);
    const none = await told({ appendonly: 'no' });
    expect(none.durability).toMatch(/appendonly no/);
    expect(none.findings[0]).toMatchObject({
      ok: false,
      remedy: expect.stringMatching(/appendonly yes and appendfsync always/) as unknown,
    });
  });

  it('is not guessed where the service forbids CONFIG', async () => {
    const { durability, findings } = await told({ 'rename-command': 'CONFIG ""' });
    expect(durability).toMatch(/could not be read/);
    expect(findings[0]).toMatchObject({ ok: false });
  });
});

describe('an address', () => {
  it.each([
    'redis://',
    'redis:localhost',
    'redis://h/x',
    'redis://u:secret@h?prefix=a{b}',
    'redis://:secret@h/1/2',
  ])('%s is refused in a sentence without the password', async (url) => {
    const opening = openStore(url, { clock: Date.now });
    await expect(opening).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(opening).rejects.toThrow(/^ONCEONLY_STORE(?!.*secret)/);
  });

  it('where nothing listens is refused at once', async () => {
    const service = await start({});
    await service.stop();
    await expect(openStore(service.url, { clock: Date.now })).rejects.toThrow(
      /cannot be reached.*ECONNREFUSED/,
    );
  });

  it('carries user, password and database', async () => {
    const { port } = await start({ requirepass: 'a-secret' });
    const at = (rest: string) => openStore(`redis://${rest}`, { clock: Date.now });
    await expect(at(`127.0.0.1:${port}`)).rejects.toThrow(/user or password/);
    await expect(at(`:wrong@127.0.0.1:${port}`)).rejects.toThrow(/user or password/);
    const store = await at(`default:a-secret@127.0.0.1:${port}/3`);
    await store.check();
    await store.close();
  });

  it('with a database that this Redis has not is refused, and nothing is kept in another one', async () => {
    const { url } = await start({ databases: '4' });
    await expect(openStore(`${url}/4`, { clock: Date.now })).rejects.toThrow(/no database of the number/);
    await expect(openReadOnly(`${url}/4`, Date.now)).rejects.toThrow(/no database of the number/);
    const admin = new Redis(url);
    expect(await admin.dbsize()).toBe(0);
    await admin.quit();
  });
});

it('a connection that comes back and may not enter its database writes to no other one', async () => {
  const { url } = await start({});
  const store = await openStore(`${url}/3`, { clock: Date.now });
  const admin = new Redis(url);
  try {
    expect((await store.claims.claim(claimOf('before'))).outcome).toBe('acquired');
    await admin.acl('SETUSER', 'default', '-select');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() =>
      expect(store.claims.claim(claimOf('meanwhile'))).rejects.toThrow(/its rights.*select/),
    );
    expect(await admin.dbsize()).toBe(0);
    await admin.acl('SETUSER', 'default', '+select');
    await eventually(() => store.check());
    expect((await store.claims.claim(claimOf('before'))).outcome).toBe('in_progress');
  } finally {
    await admin.quit();
    await store.close();
  }
});
