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
