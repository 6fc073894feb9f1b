import { StoreUnavailable } from '../src/claims/claim-store.ts';
import type { Store } from '../src/store/store.ts';
import { openStore } from '../src/store/open.ts';
import { claimOf, completeOf, TENANT, recordOf } from './store/fixture.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

const postgres = usePostgres();
let store: Store;
beforeEach(async () => {
  store = await openStore(postgres().url, { clock: Date.now });
});
afterEach(() => store.close());

/** Asks until it is answered. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      expect(error).toBeInstanceOf(StoreUnavailable);
    }
  }
}

type Acknowledged = Map<string, { readonly fence: number; readonly leaseId: string; result: string | null }>;

/** Claims and completes until told to stop; notes what was acknowledged. */
function load(round: string, acknowledged: Acknowledged) {
  let stopped = false;
  const worker = async (name: number): Promise<void> => {
    for (let index = 0; !stopped; index += 1) {
      const key = `${round}/${name}/${index}`;
      try {
        const answer = await store.claims.claim(claimOf(key, { holder: 'h' }));
        const { outcome, record } = { ...answer, record: recordOf(answer) };
        expect(outcome).toBe('acquired');
        const entry = { fence: record.fence, leaseId: record.leaseId, result: null as string | null };
        acknowledged.set(key, entry);
        const result = JSON.stringify(key);
        await store.claims.complete(completeOf(key, record.leaseId, { result }));
        entry.result = result;
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailable);
      }
    }
  };
  const work = Promise.all(Array.from({ length: 32 }, (_, name) => worker(name)));
  return {
    async reaches(count: number): Promise<void> {
      while (acknowledged.size < count) await Promise.race([work, new Promise(setImmediate)]);
    },
    async stop(): Promise<void> {
      stopped = true;
      await work;
    },
  };
}

test('kill -9 under load and restart, again and again: nothing acknowledged is lost', async () => {
  const acknowledged: Acknowledged = new Map();
  for (const round of ['1', '2', '3']) {
    const before = acknowledged.size;
    const loading = load(round, acknowledged);
    await loading.reaches(before + 300);
    await postgres().kill();
    await postgres().restart();
    const restarted = acknowledged.size;
    await loading.reaches(restarted + 100);
    await loading.stop();
  }
  const fences = [...acknowledged.values()].map(({ fence }) => fence);
  expect(new Set(fences).size).toBe(fences.length);
  for (const [key, { fence, leaseId, result }] of acknowledged) {
    const read = await store.claims.read({ tenant: TENANT, key });
    const completed = result === null ? {} : { state: 'completed', result };
    expect(read).toMatchObject({ outcome: 'found', record: { fence, leaseId, ...completed } });
  }
  const next = await store.claims.claim(claimOf('after'));
  expect(recordOf(next).fence).toBeGreaterThan(Math.max(...fences));
});

test('a database that hangs: calls end within their deadline, nothing piles up, all is well after', async () => {
  await store.claims.claim(claimOf('k'));
  postgres().freeze();
  const began = performance.now();
  const calls = Array.from({ length: 2_000 }, (_, index) => store.claims.claim(claimOf(`hung${index}`)));
  const settled = await Promise.allSettled([...calls, store.check(), store.claims.usage(TENANT)]);
  const tookMs = performance.now() - began;
  for (const each of settled) {
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
  }
  // Their deadline is five seconds; the rest is for a machine that is busy.
  expect(tookMs).toBeLessThan(15_000);
  postgres().thaw();
  expect(await again(() => store.claims.claim(claimOf('k')))).toMatchObject({ outcome: 'in_progress' });
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) => again(() => store.claims.claim(claimOf(`well${index}`)))),
  );
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['acquired']));
  const [connections] = await query<{ count: string }>(
    postgres().url,
    `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'onceonly-server'`,
  );
  expect(Number(connections?.count)).toBeLessThanOrEqual(3);
});

test('connections that are cut: what was under way may be asked again, by the same holder', async () => {
  const acknowledged: Acknowledged = new Map();
  const loading = load('cut', acknowledged);
  for (let cut = 1; cut <= 5; cut += 1) {
    await loading.reaches(100 * cut);
    await query(
      postgres().url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'onceonly-server'`,
    );
  }
  await loading.reaches(600);
  await loading.stop();
  for (const [key, { leaseId }] of acknowledged) {
    const claimed = await store.claims.claim(claimOf(key, { holder: 'h' }));
    expect(recordOf(claimed).leaseId).toBe(leaseId);
  }
});

test('a database that is stopped is unavailable in a sentence, and well once it is started', async () => {
  await postgres().stop();
  await expect(store.claims.claim(claimOf('stopped'))).rejects.toThrow(/^The database/);
  await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable);
  await postgres().restart();
  expect(await again(() => store.claims.claim(claimOf('stopped')))).toMatchObject({ outcome: 'acquired' });
});
