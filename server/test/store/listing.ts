import type { ListQuery } from '../../src/claims/claim-store.ts';
import {
  acquire,
  claimOf,
  completeOf,
  failOf,
  HOUR_MS,
  TENANT,
  useStore,
  type OpenStore,
  recordOf,
} from './fixture.ts';

/** Pages of keys: unordered, perhaps short, perhaps with a key twice; but every key that is there throughout. */
export function listing(open: OpenStore): void {
  const fixture = useStore(open);

  async function listAll(query: Partial<ListQuery> = {}): Promise<readonly string[]> {
    const keys: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await fixture.store.claims.list({
        tenant: TENANT,
        prefix: '',
        status: null,
        limit: 100,
        ...query,
        cursor,
      });
      expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 100);
      expect(page.now).toBe(fixture.now());
      keys.push(...page.items.map(({ key }) => key));
      ({ cursor } = page);
    } while (cursor !== null);
    return [...new Set(keys)].sort();
  }

  it('has nothing of an unknown tenant', async () => {
    expect(await listAll({ tenant: 'nobody' })).toEqual([]);
  });

  it.each([1, 3, 10, 11])('gives all keys in pages of %s', async (limit) => {
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    for (const key of keys) await acquire(fixture, key);
    expect(await listAll({ limit })).toEqual(keys);
  });

  it.each([
    ['a', ['a', 'a%', 'a_b', 'ab', 'a😀']],
    ['a%', ['a%']],
    ['a_', ['a_b']],
    ['a😀', ['a😀']],
    ['\u{10FFFF}', ['\u{10FFFF}', '\u{10FFFF}x']],
    ['\uFFFF', ['\uFFFF']],
    ['B', ['B']],
    ['c', []],
  ])('takes the prefix %j as it is', async (prefix, expected) => {
    const keys = ['A', 'B', 'a', 'a%', 'a_b', 'ab', 'a😀', 'b', '\uFFFF', '\u{10FFFF}', '\u{10FFFF}x'];
    for (const key of keys) await acquire(fixture, key);
    for (const limit of [1, 100]) expect(await listAll({ prefix, limit })).toEqual(expected);
  });

  it('selects by status', async () => {
    const { claims } = fixture.store;
    for (const key of ['forgotten', 'expired', 'unresolved']) {
      const fields = { ttlSeconds: 60, onExpired: key === 'unresolved' ? 'block' : 'retry' } as const;
      await acquire(fixture, key, { ...fields, retentionSeconds: key === 'forgotten' ? 1 : null });
    }
    fixture.step(HOUR_MS);
    await acquire(fixture, 'live', { onExpired: 'block' });
    const completed = await acquire(fixture, 'completed');
    await claims.complete(completeOf('completed', completed.leaseId, { result: '1' }));
    const failed = await acquire(fixture, 'failed');
    await claims.fail(failOf('failed', failed.leaseId));
    const released = await acquire(fixture, 'released');
    await claims.cancel({ tenant: TENANT, key: 'released', leaseId: released.leaseId, reason: null });
    for (const limit of [1, 100]) {
      expect(await listAll({ limit })).toEqual(['completed', 'expired', 'failed', 'live', 'unresolved']);
      expect(await listAll({ limit, status: 'in_progress' })).toEqual(['expired', 'live', 'unresolved']);
      expect(await listAll({ limit, status: 'died' })).toEqual(['expired']);
      for (const status of ['unresolved', 'completed', 'failed', 'released'] as const) {
        expect(await listAll({ limit, status })).toEqual([status]);
      }
    }
  });

  it('gives records as they are', async () => {
    const record = await acquire(fixture, 'k', { holder: 'h' });
    const page = await fixture.store.claims.list({
      tenant: TENANT,
      prefix: 'k',
      status: null,
      limit: 1,
      cursor: null,
    });
    expect(page.items).toEqual([{ key: 'k', record }]);
  });

  it('ends a page early where results are large, and loses none', async () => {
    const keys = Array.from({ length: 30 }, (_, index) => `big${String(index).padStart(2, '0')}`);
    for (const key of keys) {
      const record = recordOf(await fixture.store.claims.claim(claimOf(key)));
      const result = JSON.stringify('x'.repeat(60_000));
      await fixture.store.claims.complete(completeOf(key, record.leaseId, { result }));
    }
    expect(await listAll()).toEqual(keys);
  });
}
