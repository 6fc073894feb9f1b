import { Redis } from 'ioredis';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import type { Store } from '../src/store/store.ts';
import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedis, type RedisService, type RedisSettings } from './services/redis.ts';
import { claimOf, completeOf, lockOf, TENANT, recordOf } from './store/fixture.ts';
import { eventually, settledIn } from './store/waiting.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(settings?: RedisSettings): Promise<{ redis: RedisService; store: Store; admin: Redis }> {
  const redis = await startRedis(settings);
  closing.push(() => redis.close());
  const store = await openRedisStore({ url: redis.url });
  closing.push(() => store.close());
  const admin = new Redis(redis.url, { retryStrategy: () => null });
  admin.on('error', () => undefined);
  closing.push(() => {
    admin.disconnect();
    return Promise.resolve();
  });
  return { redis, store, admin };
}

const works = (store: Store) => eventually(() => store.check());

describe('kill -9 with appendfsync always', () => {
  it('loses nothing that was acknowledged, and the store finds back', async () => {
    const { redis, store } = await setUp();
    const acknowledged = new Map<string, { fence: number; leaseId: string; result: string | null }>();

    let isKilled = false;

    async function work(worker: string): Promise<void> {
      for (let index = 0; ; index += 1) {
        const key = `${worker}/${index}`;
        try {
          const record = recordOf(await store.claims.claim(claimOf(key)));
          acknowledged.set(key, { ...record, result: null });
          const result = JSON.stringify(key);
          await store.claims.complete(completeOf(key, record.leaseId, { result }));
          acknowledged.set(key, { ...record, result });
        } catch (error) {
          // A busy machine may take longer than a call may, too.
          if (isKilled || !(error instanceof StoreUnavailable)) throw error;
        }
      }
    }

    for (const round of ['1', '2', '3']) {
      isKilled = false;
      const before = acknowledged.size;
      const workers = Array.from({ length: 32 }, (_, worker) => work(`${round}/${worker}`));
      const ends = Promise.allSettled(workers);
      await eventually(() => {
        expect(acknowledged.size - before).toBeGreaterThan(300);
      });
      isKilled = true;
      await redis.kill();
      for (const end of await ends) {
        expect(end).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
      }
      await redis.restart();
      await works(store);
      await Promise.all(
        [...acknowledged].map(async ([key, { fence, leaseId, result }]) => {
          const read = await eventually(() => store.claims.read({ tenant: TENANT, key }));
          const completed = result === null ? {} : { state: 'completed', result };
          expect(read).toMatchObject({ outcome: 'found', record: { fence, leaseId, ...completed } });
        }),
      );
      const next = await eventually(() => store.claims.claim(claimOf(`${round}/after`)));
      expect(recordOf(next).fence).toBeGreaterThan(
        Math.max(...[...acknowledged.values()].map(({ fence }) => fence)),
      );
    }
  });
});

describe('a Redis that hangs', () => {
  it('keeps half of what may wait free of one tenant, and takes on the calls of others', async () => {
    const { redis, store } = await setUp();
    await store.check();
    redis.freeze();
    const flood = Array.from({ length: 20_001 }, (_, n) => store.claims.claim(claimOf(`flood${n}`)));
    const other = store.claims.claim({ ...claimOf('k'), tenant: 'other' });
    const ends = await Promise.allSettled([...flood, other]);
    const refused = ends.flatMap((end, nth) =>
      end.status === 'rejected' && String(end.reason).includes('more to do') ? [nth] : [],
    );
    expect(refused).toEqual([20_000]);
    // The other tenant's call waited for Redis, as the flood did.
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']));
    redis.thaw();
    await works(store);
  });

  it('costs every call its deadline and no more, and is used again afterwards', async () => {
    const { redis, store } = await setUp();
    await store.check();
    redis.freeze();
    const claims = Array.from({ length: 200 }, (_, index) =>
      store.claims.claim(claimOf(`k${index}`, { holder: 'h' })),
    );
    const [first, milliseconds] = await settledIn(Promise.allSettled(claims));
    for (const end of first) {
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
    }
    expect(milliseconds).toBeGreaterThan(4_000);
    // Nothing is queued for a connection that is not there.
    const refused = await Promise.allSettled(claims.map(() => store.claims.claim(claimOf('late'))));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(['rejected']));
    redis.thaw();
    await works(store);
    for (const end of await Promise.all(
      claims.map((_, index) => store.claims.claim(claimOf(`k${index}`, { holder: 'h' }))),
    )) {
      expect(end).toMatchObject({ outcome: 'acquired', record: { attempt: 1 } });
    }
  });
});

describe('connections', () => {
  it('are made again when they are cut, and what was under way is answered or refused', async () => {
    const { store, admin } = await setUp();
    for (let round = 0; round < 5; round += 1) {
      const claims = Array.from({ length: 500 }, (_, index) =>
        store.claims.claim(claimOf(`${round}/${index}`, { holder: 'h' })),
      );
      await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      for (const end of await Promise.allSettled(claims)) {
        const fine =
          end.status === 'rejected'
            ? end.reason instanceof StoreUnavailable
            : end.value.outcome === 'acquired';
        expect(fine).toBe(true);
      }
      await works(store);
      const again = await Promise.all(
        claims.map((_, index) => store.claims.claim(claimOf(`${round}/${index}`, { holder: 'h' }))),
      );
      expect(new Set(again.map((answer) => `${answer.outcome} ${recordOf(answer).attempt}`))).toEqual(
        new Set(['acquired 1']),
      );
    }
  });

  it('run scripts that Redis has forgotten', async () => {
    const { store, admin } = await setUp();
    await store.claims.claim(claimOf('a'));
    await admin.script('FLUSH');
    const claims = Array.from({ length: 50 }, (_, index) => store.claims.claim(claimOf(`k${index}`)));
    expect(new Set((await Promise.all(claims)).map(({ outcome }) => outcome))).toEqual(new Set(['acquired']));
  });
});

describe('a full memory', () => {
  it('refuses new claims with a sentence, answers reads, and leaves nothing half-written', async () => {
    const { store, admin } = await setUp({ 'maxmemory-policy': 'noeviction' });
    const record = recordOf(await store.claims.claim(claimOf('held', { holder: 'h' })));
    await admin.config('SET', 'maxmemory', '1');
    const before = await admin.dbsize();
    const refused = store.claims.claim(claimOf('new'));
    await expect(refused).rejects.toThrow(/memory limit.*maxmemory/);
    await expect(refused).rejects.toBeInstanceOf(StoreUnavailable);
    const complete = store.claims.complete(completeOf('held', record.leaseId, { result: '1' }));
    await expect(complete).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.claims.read({ tenant: TENANT, key: 'held' })).toMatchObject({ record });
    expect(await store.claims.claim(claimOf('held'))).toMatchObject({ outcome: 'in_progress' });
    expect(await store.claims.claim(claimOf('held', { holder: 'h' }))).toMatchObject({ reentrant: true });
    expect(await store.claims.usage(TENANT)).toMatchObject({ ai: 1 });
    expect(await admin.dbsize()).toBe(before);
    await admin.config('SET', 'maxmemory', '0');
    expect(await store.claims.claim(claimOf('new'))).toMatchObject({ outcome: 'acquired', usage: 2 });
    await store.claims.complete(completeOf('held', record.leaseId, { result: '1' }));
  });
});

describe('commands that share a script', () => {
  it('are each refused or answered for themselves where the memory is full', async () => {
    const { store, admin } = await setUp({ 'maxmemory-policy': 'noeviction' });
    const record = recordOf(await store.claims.claim(claimOf('held', { holder: 'h' })));
    await admin.config('SET', 'maxmemory', '1');
    const [first, duplicate, again, complete, lock, read] = await Promise.allSettled([
      store.claims.claim(claimOf('new')),
      store.claims.claim(claimOf('held')),
      store.claims.claim(claimOf('new')),
      store.claims.complete(completeOf('held', record.leaseId)),
      store.claims.lock(lockOf('l')),
      store.claims.read({ tenant: TENANT, key: 'held' }),
    ]);
    for (const end of [first, again, complete, lock]) {
      expect(end).toMatchObject({
        status: 'rejected',
        reason: {
          name: 'StoreUnavailable',
          message: expect.stringMatching(/memory limit.*maxmemory/) as unknown,
        },
      });
    }
    expect(duplicate).toMatchObject({ value: { outcome: 'in_progress', usage: 1 } });
    expect(read).toMatchObject({ value: { outcome: 'found', record } });
    await admin.config('SET', 'maxmemory', '0');
    expect(await store.claims.claim(claimOf('new'))).toMatchObject({ outcome: 'acquired', usage: 2 });
  });

  it('fail alone where somebody else has been at their keys', async () => {
    const { store, admin } = await setUp();
    const base = `{onceonly:${TENANT}}`;
    await admin.hset(`${base}:k:b`, 'not', 'ours');
    await admin.set(`${base}:k:c`, 'not ours');
    const ends = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'a'].map((key) => store.claims.claim(claimOf(key))),
    );
    expect(ends).toMatchObject([
      { value: { outcome: 'acquired', usage: 1 } },
      { reason: expect.any(StoreUnavailable) as unknown },
      { reason: expect.any(StoreUnavailable) as unknown },
      { value: { outcome: 'acquired', usage: 2 } },
      { value: { outcome: 'in_progress', usage: 2 } },
    ]);
    expect(await admin.zrange(`${base}:leases`, 0, -1)).toEqual(['a', 'd']);
    const events = await store.events.recent({ tenant: TENANT, limit: 10 });
    expect(events.map(({ type, key }) => [type, key])).toEqual([
      ['duplicate', 'a'],
      ['claimed', 'd'],
      ['claimed', 'a'],
    ]);
    const next = await store.claims.claim(claimOf('e'));
    expect(next).toMatchObject({ outcome: 'acquired', usage: 3 });
    const fences = ends.flatMap((end) => (end.status === 'fulfilled' ? [recordOf(end.value).fence] : []));
    expect(recordOf(next).fence).toBeGreaterThan(Math.max(...fences));
  });

  it('see what those before them did', async () => {
    const { store } = await setUp();
    const claim = (holder: string) => store.claims.claim(claimOf('k', { holder, run: 'r' }));
    const record = recordOf(await claim('one'));
    const done = await Promise.all([
      claim('two'),
      store.claims.extend({ tenant: TENANT, key: 'k', leaseId: record.leaseId, ttlSeconds: 7 }),
      store.claims.cancel({ tenant: TENANT, key: 'k', leaseId: record.leaseId, reason: null }),
      claim('three'),
      claim('three'),
      store.claims.complete(completeOf('k', record.leaseId)),
    ]);
    expect(done).toMatchObject([
      { outcome: 'in_progress' },
      { outcome: 'done', record: { version: 2, ttlSeconds: 7 } },
      { outcome: 'done', record: { version: 3, state: 'released' } },
      { outcome: 'acquired', reentrant: false, record: { version: 4, attempt: 2 } },
      { outcome: 'acquired', reentrant: true, record: { version: 4, attempt: 2 } },
      { outcome: 'lease_lost' },
    ]);
    const fail = { tenant: TENANT, run: 'r', errorCode: 'e', retryable: true, noEffect: false };
    expect(await store.claims.failRun(fail)).toMatchObject({ failed: 1 });
  });

  it('fail together on a replica, and the connection is made anew', async () => {
    const { store, admin } = await setUp();
    await store.claims.claim(claimOf('held'));
    const connection = async () =>
      /id=(\d+)(?=.*name=onceonly-server)/.exec((await admin.client('LIST')) as string)?.[1];
    const before = await connection();
    await admin.replicaof('127.0.0.1', 1);
    const ends = await Promise.allSettled([
      store.claims.read({ tenant: TENANT, key: 'held' }),
      store.claims.claim(claimOf('new')),
    ]);
    for (const end of ends) {
      expect(end).toMatchObject({ reason: { message: expect.stringMatching(/is a replica/) as unknown } });
    }
    await admin.replicaof('NO', 'ONE');
    await works(store);
    expect(await connection()).not.toBe(before);
    expect(await store.claims.claim(claimOf('new'))).toMatchObject({ outcome: 'acquired' });
  });
});
