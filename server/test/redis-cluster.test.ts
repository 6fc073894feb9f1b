import { Redis } from 'ioredis';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedisCluster, type RedisCluster } from './services/redis.ts';
import { storeContract } from './store-contract.ts';
import { claimOf } from './store/fixture.ts';
import { eventually, settledIn } from './store/waiting.ts';

// The machine may be busy with others' work.
jest.setTimeout(120_000);

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

  it.each([
    ['that the address names', 0],
    ['that it does not name', 2],
  ])('is not noticed by the tenants of the others, while the node hangs %s', async (_, frozen) => {
    const store = await openRedisStore({ url: cluster.url });
    const admin = new Redis(cluster.nodes[frozen]?.url ?? '');
    const isLost = async (tenant: string) => {
      const slot = await admin.cluster('KEYSLOT', `{onceonly:${tenant}}`);
      return (await admin.cluster('SLOTS')).some(
        ([from, to, primary]) => primary?.[1] === cluster.nodes[frozen]?.port && from <= slot && slot <= to,
      );
    };
    const well: string[] = [];
    for (let index = 0; well.length < 6; index += 1) {
      const tenant = `well ${frozen} ${index}`;
      if (!(await isLost(tenant))) well.push(tenant);
    }
    admin.disconnect();
    const known = well.slice(0, 3);
    const apiKey = (hash: string) =>
      ({ id: `id ${hash}`, hash, tenant: 'well', role: 'automation' }) as const;
    await store.apiKeys.create(apiKey(`hash ${frozen}`));
    for (const tenant of known) {
      await store.claims.claim(claimOf('dies', { tenant, ttlSeconds: 1 }));
    }
    cluster.nodes[frozen]?.freeze();
    try {
      const began = performance.now();
      let slowest = 0;
      const timed = async <T>(work: Promise<T>): Promise<T> => {
        const [answer, milliseconds] = await settledIn(work);
        slowest = Math.max(slowest, milliseconds);
        return answer;
      };
      // Some of whom are known to nobody yet.
      for (let round = 0; performance.now() - began < 12_000; round += 1) {
        const lost = store.claims.claim(claimOf(`k${round}`, { tenant: 'tenant 0' })).catch(() => undefined);
        for (const tenant of round % 2 === 0 ? known : well) {
          const claimed = await timed(store.claims.claim(claimOf(`k${round}`, { tenant })));
          expect(claimed).toMatchObject({ outcome: 'acquired' });
        }
        expect(await timed(store.apiKeys.find(`hash ${frozen}`))).toMatchObject({ id: `id hash ${frozen}` });
        void lost;
      }
      const findings = await timed(store.check());
      expect(findings.map(({ what }) => what)).toContainEqual(
        expect.stringMatching(/^A part of the Redis cluster answers late, or not at all/),
      );
      // Far from the 4.5 seconds in which a call is given up, also on a machine that is busy.
      expect(slowest).toBeLessThan(3_000);
      // The others' deaths are told.
      await eventually(async () => {
        await store.claims.reportDeaths(100).catch(() => undefined);
        for (const tenant of known) {
          const told = await store.events.recent({ tenant, limit: 1, type: 'run_died' });
          expect(told).toMatchObject([{ key: 'dies' }]);
        }
      });
    } finally {
      cluster.nodes[frozen]?.thaw();
    }
    await store.close();
  });
});
