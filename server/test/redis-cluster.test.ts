import { StoreUnavailable } from '../src/claims/store.ts';
import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedisCluster, type RedisCluster } from './services/redis.ts';
import { storeContract } from './store-contract.ts';
import { claimOf } from './store/fixture.ts';
import { eventually } from './store/waiting.ts';

// The machine may be busy with others' work.
jest.setTimeout(60_000);

let cluster: RedisCluster;
beforeAll(async () => (cluster = await startRedisCluster(3)));
afterAll(() => cluster.close());

let opened = 0;

storeContract(
  'A Redis cluster of three',
  (clock) => {
    opened += 1;
    return openRedisStore({ url: `${cluster.url}?prefix=test${opened}`, clock });
  },
  { forgetsByItself: true },
);

describe('a cluster of which one node hangs', () => {
  it('serves the tenants of the others, and all of them afterwards', async () => {
    const store = await openRedisStore({ url: cluster.url });
    const tenants = Array.from({ length: 30 }, (_, index) => `tenant ${index}`);
    const claim = (key: string) =>
      Promise.allSettled(tenants.map((tenant) => store.claims.claim(claimOf(key, { tenant, holder: 'h' }))));
    const claimed = (ends: readonly PromiseSettledResult<unknown>[]) =>
      ends.filter(({ status }) => status === 'fulfilled').length;
    expect(claimed(await claim('before'))).toBe(30);
    cluster.nodes[2]?.freeze();
    const during = await claim('during');
    expect(claimed(during)).toBeGreaterThan(0);
    expect(claimed(during)).toBeLessThan(30);
    const reasons = during.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    for (const reason of reasons) expect(reason).toBeInstanceOf(StoreUnavailable);
    cluster.nodes[2]?.thaw();
    await eventually(async () => {
      expect(claimed(await claim('after'))).toBe(30);
    });
    await store.close();
  });
});
