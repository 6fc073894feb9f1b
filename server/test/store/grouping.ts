import type { Claim, Of } from '../../src/claims/commands.ts';
import {
  acquire,
  claimOf,
  completeOf,
  DAY_MS,
  failOf,
  HOUR_MS,
  readRecord,
  TENANT,
  useStore,
  type OpenStore,
} from './fixture.ts';

const IN_G = { group: 'g' } as const;
const at = (sequence: string): Partial<Of<Claim>> => ({ group: 'g', sequence });

/** Of a group one key at a time, and newer changes only: the rows of its table, and the ways that once broke it. */
export function grouping(open: OpenStore): void {
  const fixture = useStore(open);
  const claims = () => fixture.store.claims;
  const claim = (key: string, fields: Partial<Of<Claim>> = {}) => claims().claim(claimOf(key, fields));
  const complete = (key: string, leaseId: string) => claims().complete(completeOf(key, leaseId));
  const person = { result: null, retryable: true, reason: null, by: 'op' } as const;
  const resolve = async (key: string, to: 'completed' | 'failed' | 'released') => {
    const { version } = await readRecord(fixture, key);
    return claims().resolve({ tenant: TENANT, key, version, to, ...person });
  };

  it('lets one key of a group work at a time, and says which', async () => {
    const { leaseId, expiresAt } = await acquire(fixture, 'a', { ...IN_G, run: 'one' });
    const busy = { outcome: 'busy', by: 'a', until: expiresAt, usage: 1 };
    expect(await claim('b', { ...IN_G, run: 'two' })).toMatchObject({ ...busy, ofSameRun: false });
    expect(await claim('b', { ...IN_G, run: 'one' })).toMatchObject({ ...busy, ofSameRun: true });
    expect(await claims().read({ tenant: TENANT, key: 'b' })).toEqual({ outcome: 'not_found' });
    await acquire(fixture, 'c', { group: 'another' });
    await acquire(fixture, 'd');
    await complete('a', leaseId);
    await acquire(fixture, 'b', IN_G);
    expect(await claim('a', IN_G)).toMatchObject({ outcome: 'completed' });
  });

  it('frees the group with every end of its taker', async () => {
    const ends = {
      fail: ({ leaseId }: { leaseId: string }, key: string) => claims().fail(failOf(key, leaseId)),
      cancel: ({ leaseId }: { leaseId: string }, key: string) =>
        claims().cancel({ tenant: TENANT, key, leaseId, reason: null }),
      'fail by run': () =>
        claims().failRun({ tenant: TENANT, run: 'r', errorCode: 'died', retryable: true, noEffect: false }),
      'a person': (_: unknown, key: string) => resolve(key, 'failed'),
      expiry() {
        fixture.step(HOUR_MS);
        return Promise.resolve();
      },
    };
    for (const [name, end] of Object.entries(ends)) {
      const record = await acquire(fixture, name, { ...IN_G, run: 'r' });
      expect(await claim('next', IN_G)).toMatchObject({ outcome: 'busy' });
      await end(record, name);
    }
    await acquire(fixture, 'next', IN_G);
  });

  it('tells an older change that it is stale, once a newer one is completed', async () => {
    const { leaseId } = await acquire(fixture, 'a', at('n2'));
    await complete('a', leaseId);
    expect(await claim('b', at('n1'))).toMatchObject({ outcome: 'stale', mark: 'n2' });
    await acquire(fixture, 'same', at('n2'));
    const [told] = await fixture.store.events.recent({ tenant: TENANT, limit: 1, type: 'stale' });
    expect(told).toMatchObject({ key: 'b', type: 'stale' });
  });

  it('compares numbers as numbers, however long', async () => {
    const { leaseId } = await acquire(fixture, 'a', at('n10'));
    await complete('a', leaseId);
    expect(await claim('b', at('n9'))).toMatchObject({ outcome: 'stale' });
    const { leaseId: second } = await acquire(fixture, 'c', at('n123456789012345678901.5'));
    await complete('c', second);
    expect(await claim('d', at('n123456789012345678901.25'))).toMatchObject({ outcome: 'stale' });
  });

  it('refuses another place for a key, a date far ahead, and a number among dates', async () => {
    const { leaseId } = await acquire(fixture, 'a', at('d1795608000'));
    for (const other of [{ group: 'other' }, at('d1795608001'), IN_G]) {
      expect(await claim('a', other)).toMatchObject({ outcome: 'group_mismatch' });
    }
    expect(await claim('a', { holder: 'h' })).toMatchObject({ outcome: 'in_progress' });
    const ahead = `d${String(Math.floor((fixture.now() + DAY_MS) / 1_000) + 1)}`;
    expect(await claim('b', at(ahead))).toMatchObject({ outcome: 'sequence_ahead' });
    expect(await claim('b', at('n1'))).toMatchObject({ outcome: 'sequence_kind', known: 'd1795608000' });
    await complete('a', leaseId);
    expect(await claim('a', at('d1795608001'))).toMatchObject({ outcome: 'group_mismatch' });
    await resolve('a', 'released');
    await acquire(fixture, 'a', { group: 'other' });
  });

  it('lets nobody complete or extend late, after another key had the group', async () => {
    const first = await acquire(fixture, 'a', at('n1'));
    fixture.step(HOUR_MS);
    const second = await acquire(fixture, 'b', at('n2'));
    await complete('b', second.leaseId);
    const lost = { outcome: 'lease_lost', state: 'in_progress', busy: 'group' };
    expect(await complete('a', first.leaseId)).toEqual(lost);
    const extend = { tenant: TENANT, key: 'a', leaseId: first.leaseId, ttlSeconds: null };
    expect(await claims().extend(extend)).toEqual(lost);
    expect(await claim('a')).toMatchObject({ outcome: 'stale', mark: 'n2' });
  });

  it('is held for longer by an extension past the end of the lease', async () => {
    const { leaseId } = await acquire(fixture, 'a', IN_G);
    fixture.step(HOUR_MS);
    await claims().extend({ tenant: TENANT, key: 'a', leaseId, ttlSeconds: 60 });
    expect(await claim('b', IN_G)).toMatchObject({ outcome: 'busy', by: 'a', until: fixture.now() + 60_000 });
  });

  it('answers again what it answered, though another key has the group by now', async () => {
    const { leaseId } = await acquire(fixture, 'a', IN_G);
    const empty = completeOf('a', leaseId, { rejectEmpty: true, resultEmpty: true });
    expect(await claims().complete(empty)).toMatchObject({ outcome: 'done', record: { state: 'failed' } });
    await acquire(fixture, 'b', IN_G);
    expect(await claims().complete(empty)).toMatchObject({ outcome: 'done', record: { state: 'failed' } });
  });

  it('gives a holder a new lease where another key had the group since', async () => {
    const first = await acquire(fixture, 'a', { ...IN_G, holder: 'h' });
    fixture.step(HOUR_MS);
    const { leaseId } = await acquire(fixture, 'b', IN_G);
    expect(await claim('a', { ...IN_G, holder: 'h' })).toMatchObject({ outcome: 'busy' });
    await complete('b', leaseId);
    const second = await acquire(fixture, 'a', { ...IN_G, holder: 'h' });
    expect(second.leaseId).not.toBe(first.leaseId);
    expect(second.attempt).toBe(2);
  });

  it('keeps an older change back while a newer one waits for a person', async () => {
    await acquire(fixture, 'a', { ...at('n2'), onExpired: 'block' });
    fixture.step(HOUR_MS);
    const waits = { outcome: 'busy', by: 'a', until: null };
    expect(await claim('b', at('n1'))).toMatchObject(waits);
    const { leaseId } = await acquire(fixture, 'c', at('n3'));
    await claims().fail(failOf('c', leaseId, { retryable: true }));
    expect(await claim('b', at('n1'))).toMatchObject(waits);
    await resolve('a', 'failed');
    await acquire(fixture, 'b', at('n1'));
  });

  it('raises what is completed by a person’s word, and forgets it by one', async () => {
    await acquire(fixture, 'a', { ...at('n2'), onExpired: 'block' });
    fixture.step(HOUR_MS);
    await resolve('a', 'completed');
    expect(await claim('b', at('n1'))).toMatchObject({ outcome: 'stale', mark: 'n2' });
    const clear = { tenant: TENANT, group: 'g' };
    expect(await claims().clearMark(clear)).toEqual({ outcome: 'done', mark: 'n2' });
    const { leaseId } = await acquire(fixture, 'b', at('d1795608000'));
    await complete('b', leaseId);
    expect(await claims().clearMark({ ...clear, group: 'none' })).toEqual({ outcome: 'not_found' });
    expect(await claims().clearMark({ ...clear, tenant: 'nobody' })).toEqual({ outcome: 'not_found' });
  });

  it('remembers a group for as long as any key that took it', async () => {
    const long = await acquire(fixture, 'a', { ...at('n2'), retentionSeconds: 864_000 });
    await complete('a', long.leaseId);
    const short = await acquire(fixture, 'b', { ...at('n3'), retentionSeconds: 60 });
    await complete('b', short.leaseId);
    // While it was at work, it was to be remembered from the end of its lease on.
    fixture.step(HOUR_MS + 864_000_000 - 1);
    await claims().sweep(1_000);
    expect(await claim('c', at('n1'))).toMatchObject({ outcome: 'stale', mark: 'n3' });
    fixture.step(1);
    await claims().sweep(1_000);
    await acquire(fixture, 'c', at('n1'));
  });

  it('of many that come at once one works, and all are done in the end', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k${String(index)}`);
    const left = new Set(keys);
    while (left.size > 0) {
      const answers = await Promise.all([...left].map((key) => claim(key, IN_G)));
      const acquired = answers.flatMap((answer, index) =>
        answer.outcome === 'acquired' ? [{ key: [...left][index] ?? '', ...answer.record }] : [],
      );
      expect(acquired).toHaveLength(1);
      for (const { key, leaseId } of acquired) {
        expect(await complete(key, leaseId)).toMatchObject({ outcome: 'done' });
        left.delete(key);
      }
    }
  });
}
