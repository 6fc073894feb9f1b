import { Redis } from 'ioredis';
import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedis, type RedisService } from './services/redis.ts';
import { claimOf, TENANT } from './store/fixture.ts';

let redis: RedisService;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.close());

test('the deliveries of a hook that is removed are freed beside: up to 100,000 wait, and Redis would stand still for them', async () => {
  const store = await openRedisStore({ url: redis.url });
  const admin = new Redis(redis.url);
  const hook = { id: 'h', url: 'https://example.com', events: ['claimed'], job: null, secret: 's' } as const;
  await store.hooks.create({ ...hook, tenant: TENANT, createdBy: 'c' });
  await Promise.all(Array.from({ length: 50 }, (_, index) => store.claims.claim(claimOf(`k${index}`))));
  const queues = async () => (await admin.keys('*:h:h:*')).length;
  expect(await queues()).toBeGreaterThan(0);
  await admin.config('RESETSTAT');
  expect(await store.hooks.remove({ tenant: TENANT, createdBy: null, id: 'h' })).toBe(true);
  expect(await queues()).toBe(0);
  const stats = await admin.info('commandstats');
  expect(stats).toContain('cmdstat_unlink:calls=1,');
  expect(stats).not.toContain('cmdstat_del:');
  admin.disconnect();
  await store.close();
});

test('of a tenant with many hooks few records go into one script, each of which makes a delivery to all of them', async () => {
  const sizes: number[] = [];
  const metrics = { grouped: (requests: number) => void sizes.push(requests), opened: () => undefined };
  const options = { url: `${redis.url}?prefix=many`, metrics };
  const first = await openRedisStore(options);
  const hook = { url: 'https://example.com', events: ['claimed', 'failed'], job: null, secret: 's' } as const;
  for (let index = 0; index < 100; index += 1)
    await first.hooks.create({ ...hook, id: `h${index}`, tenant: TENANT, createdBy: 'c' });
  await first.close();
  // A server that has just started does not know the hooks.
  const store = await openRedisStore(options);
  const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((key) => store.claims.claim(claimOf(key, { run: 'r' }))));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  const admin = new Redis(redis.url);
  await admin.config('RESETSTAT');
  const fail = { tenant: TENANT, run: 'r', errorCode: 'e', retryable: true, noEffect: false };
  expect(await store.claims.failRun(fail)).toMatchObject({ failed: 60 });
  const scripts = Number(/cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1]);
  expect(scripts).toBeGreaterThanOrEqual(6);
  admin.disconnect();
  await store.close();
});
