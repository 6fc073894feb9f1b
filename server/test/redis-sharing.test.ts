import { Redis } from 'ioredis';
import { createApiKey } from '../src/api-keys.ts';
import type { Store } from '../src/store/store.ts';
import { readConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { openStore } from '../src/store/open.ts';
import { startRedis, type RedisService } from './services/redis.ts';
import { claimOf, completeOf, DAY_MS, HOUR_MS, lockOf, TENANT, recordOf } from './store/fixture.ts';
import { expectOneStore } from './store/one-store.ts';
import { eventually } from './store/waiting.ts';

let redis: RedisService;
let admin: Redis;
let stores: readonly [Store, Store];
beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
});
beforeEach(async () => {
  await admin.flushall();
  // Two servers, one of which has a clock that is an hour ahead.
  const open = (ahead: number) => openStore(redis.url, { clock: () => Date.now() + ahead });
  stores = await Promise.all([open(0), open(HOUR_MS)]);
});
afterEach(() => Promise.all(stores.map((store) => store.close())));
afterAll(async () => {
  admin.disconnect();
  await redis.close();
});

describe('two servers on one Redis', () => {
  it('are one store', async () => {
    await expectOneStore(stores);
  });

  it('leave leases alone when a server’s clock is an hour ahead', async () => {
    const [here, ahead] = stores;
    const record = recordOf(await here.claims.claim(claimOf('k', { ttlSeconds: 60 })));
    await here.claims.lock(lockOf('l'));
    expect(await ahead.claims.claim(claimOf('k'))).toMatchObject({ outcome: 'in_progress', record });
    expect(await ahead.claims.lock(lockOf('l'))).toMatchObject({ outcome: 'duplicate' });
    expect(await ahead.claims.reportDeaths(10)).toBe(0);
    expect(await ahead.claims.sweep(10)).toBe(0);
    const theirs = await ahead.claims.claim(claimOf('theirs', { ttlSeconds: 60 }));
    expect(recordOf(theirs).expiresAt).toBeLessThan(Date.now() + HOUR_MS / 2);
  });

  it('sweep one at a time: the next one once the first has ended', async () => {
    const [first, second] = stores;
    await Promise.all(
      ['a', 'b'].map((key) => first.claims.claim(claimOf(key, { ttlSeconds: 1, retentionSeconds: 1 }))),
    );
    let swept = 0;
    await eventually(async () => {
      // They were claimed one after the other, and may end so.
      swept += await first.claims.sweep(10);
      expect(swept).toBe(2);
    });
    await second.claims.claim(claimOf('c', { ttlSeconds: 1, retentionSeconds: 1 }));
    await eventually(async () => {
      expect(await second.claims.reportDeaths(10)).toBe(1);
    });
    await eventually(async () => {
      expect(await second.claims.read({ tenant: TENANT, key: 'c' })).toEqual({ outcome: 'not_found' });
    });
    expect(await second.claims.sweep(10)).toBe(0);
    await first.close();
    expect(await second.claims.sweep(10)).toBe(1);
  });

  it('go on where Redis’s clock was ahead once and was set back, and say so', async () => {
    const [store] = stores;
    const ahead = Date.now() + 8 * DAY_MS;
    for (const name of [`{onceonly:${TENANT}}`, '{onceonly:}']) await admin.hset(name, 'now', ahead);
    expect(await store.check()).toMatchObject([
      { what: expect.stringMatching(/^The store's time is 8 days ahead of Redis's clock/) as string },
    ]);
    await store.claims.claim(claimOf('k', { ttlSeconds: 1 }));
    await eventually(async () => {
      const again = await store.claims.claim(claimOf('k'));
      expect(again).toMatchObject({ outcome: 'acquired', record: { attempt: 2 } });
    }, 20_000);
  });

  it('tell of each death once', async () => {
    const [one, other] = stores;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => one.claims.claim(claimOf(`k${index}`, { ttlSeconds: 1 }))),
    );
    let told = 0;
    await eventually(async () => {
      for (const count of await Promise.all([one.claims.reportDeaths(7), other.claims.reportDeaths(7)]))
        told += count;
      expect(told).toBe(20);
    });
    const events = await other.events.recent({ tenant: TENANT, limit: 100, type: 'run_died' });
    expect(new Set(events.map(({ key }) => key)).size).toBe(20);
    expect(events).toHaveLength(20);
  });

  it('fail all that a run holds, and list all that a tenant has, in small steps', async () => {
    const { claims } = stores[0];
    const keys = Array.from({ length: 350 }, (_, index) => `k${index}`).sort();
    await Promise.all(keys.map((key) => claims.claim(claimOf(key, { run: 'r' }))));
    await claims.claim(claimOf('other', { run: 'r:' }));
    const fail = { tenant: TENANT, errorCode: 'e', retryable: true, noEffect: false };
    expect(await stores[1].claims.failRun({ ...fail, run: 'r' })).toMatchObject({ failed: 350 });
    expect(await stores[1].claims.failRun({ ...fail, run: 'r' })).toMatchObject({ failed: 0 });
    const listed = new Set<string>();
    let cursor: string | null = null;
    do {
      const query = { tenant: TENANT, prefix: 'k', status: 'failed', limit: 7 } as const;
      const page = await claims.list({ ...query, cursor });
      expect(page.items.length).toBeLessThanOrEqual(7);
      for (const { key } of page.items) listed.add(key);
      ({ cursor } = page);
    } while (cursor !== null);
    expect([...listed].sort()).toEqual(keys);
  });

  it('serve one key over HTTP', async () => {
    const config = {
      ...readConfig({ ONCEONLY_PORT: '0', ONCEONLY_STORE: redis.url, ONCEONLY_LOG_LEVEL: 'fatal' }),
    };
    const servers = await Promise.all([startServer({ config }), startServer({ config })]);
    const { secret } = await createApiKey(stores[0].apiKeys, { tenant: TENANT, role: 'automation' });
    const send = async (server: number, path: string, body?: object) => {
      const response = await fetch(`${servers[server]?.url ?? ''}${path}`, {
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const claimed = await send(0, '/v1/ai/lease', { key: 'k' });
    expect(claimed).toMatchObject({ status: 'acquired' });
    expect(await send(1, '/v1/ai/lease', { key: 'k' })).toMatchObject({ status: 'in_progress' });
    const done = { key: 'k', lease_id: claimed['lease_id'], result: { n: 1 } };
    expect(await send(1, '/v1/ai/complete', done)).toMatchObject({ status: 'completed' });
    expect(await send(0, '/v1/ai/lease', { key: 'k' })).toMatchObject({
      status: 'completed',
      result: { n: 1 },
    });
    expect(await send(0, '/v1/me')).toMatchObject({
      durability: expect.stringMatching(/appendfsync always/) as unknown,
    });
    await Promise.all(servers.map((server) => server.close()));
  });

  it('keep to themselves what another prefix names', async () => {
    await stores[0].claims.claim(claimOf('k'));
    const apart = await openStore(`${redis.url}?prefix=apart`, { clock: Date.now });
    expect(await apart.claims.claim(claimOf('k'))).toMatchObject({ outcome: 'acquired' });
    await apart.close();
  });
});

describe('forgetting', () => {
  const name = (key: string) => `{onceonly:${TENANT}}:k:${key}`;

  it('is left to Redis once a key is finished, and never happens at the end of a lease', async () => {
    const { claims } = stores[0];
    await claims.claim(claimOf('held', { ttlSeconds: 1, retentionSeconds: 1 }));
    const record = recordOf(await claims.claim(claimOf('done', { retentionSeconds: 3_600 })));
    await claims.complete(completeOf('done', record.leaseId));
    expect(await admin.pttl(name('held'))).toBe(-1);
    expect(await admin.pttl(name('done'))).toBeGreaterThan(0);
    // As if its hour had passed.
    await admin.pexpire(name('done'), 1);
    await eventually(async () => {
      expect(await admin.exists(name('done'))).toBe(0);
      expect(await claims.read({ tenant: TENANT, key: 'held' })).toEqual({ outcome: 'not_found' });
    });
    // The lease is over, and nobody was told.
    expect(await admin.exists(name('held'))).toBe(1);
    expect(await claims.sweep(10)).toBe(1);
    expect(await admin.exists(name('held'))).toBe(0);
    expect((await stores[0].events.recent({ tenant: TENANT, limit: 1 }))[0]).toMatchObject({
      type: 'run_died',
    });
    const again = await claims.claim(claimOf('done'));
    expect(recordOf(again)).toMatchObject({ attempt: 1 });
    expect(recordOf(again).fence).toBeGreaterThan(record.fence);
  });

  it('leaves no index behind', async () => {
    const { claims } = stores[0];
    const record = recordOf(await claims.claim(claimOf('a', { run: 'r', retentionSeconds: 1 })));
    await claims.claim(claimOf('b', { run: 'r', ttlSeconds: 1, retentionSeconds: 1 }));
    await claims.complete(completeOf('a', record.leaseId));
    await eventually(async () => {
      await claims.sweep(10);
      const rest = (await admin.keys(`{onceonly:${TENANT}}:*`)).map((each) => each.split('}:')[1]);
      expect(rest.sort()).toEqual(['days', 'events', 'seldom']);
    });
  });
});
