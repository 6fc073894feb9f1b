import { openStore } from '../src/store/open.ts';
import { startRedis } from './services/redis.ts';
import { claimOf } from './store/fixture.ts';

test('what waits for it is counted, and what shares a script', async () => {
  const redis = await startRedis();
  let depth = (): number => NaN;
  const groups: number[] = [];
  const metrics = {
    grouped: (requests: number) => void groups.push(requests),
    opened: (measure: () => number) => void (depth = measure),
  };
  const store = await openStore(redis.url, { clock: Date.now, metrics });
  try {
    expect(depth()).toBe(0);
    const checking = store.check();
    expect(depth()).toBe(1);
    await checking;
    expect(depth()).toBe(0);
    const claim = (key: number) => store.claims.claim(claimOf(`k${key}`));
    // The tenant is known from then on.
    await claim(0);
    const claiming = Array.from({ length: 200 }, (_, key) => claim(key));
    expect(depth()).toBe(200);
    await Promise.all(claiming);
    expect(depth()).toBe(0);
    expect(groups.reduce((sum, requests) => sum + requests)).toBe(201);
    expect(groups.length).toBeLessThan(10);
    // No group is so large that Redis would be busy for long.
    expect(Math.max(...groups)).toBe(100);
  } finally {
    await store.close();
    await redis.close();
  }
});
