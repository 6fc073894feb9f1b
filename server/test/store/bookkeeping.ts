import { StoreUnavailable } from '../../src/claims/claim-store.ts';
import {
  acquire,
  claimOf,
  completeOf,
  DAY_MS,
  failOf,
  HOUR_MS,
  lockOf,
  TENANT,
  useStore,
  type OpenStore,
} from './fixture.ts';

/** Usage, API keys, events, and the store itself. */
export function bookkeeping(open: OpenStore): void {
  const fixture = useStore(open);

  it('charges acquired leases and first locks, by the month', async () => {
    const { claims } = fixture.store;
    expect(await claims.usage(TENANT)).toEqual({ ai: 0, make: 0, month: '2026-11' });
    await acquire(fixture, 'a', { holder: 'h' });
    expect(await claims.claim(claimOf('a', { holder: 'h' }))).toMatchObject({ usage: 1 });
    expect(await claims.claim(claimOf('a'))).toMatchObject({ usage: 1 });
    expect(await claims.claim(claimOf('b'))).toMatchObject({ usage: 2 });
    await claims.lock(lockOf('l'));
    await claims.lock(lockOf('l'));
    expect(await claims.usage(TENANT)).toEqual({ ai: 2, make: 1, month: '2026-11' });
    fixture.step(6 * DAY_MS);
    expect(await claims.usage(TENANT)).toEqual({ ai: 0, make: 0, month: '2026-12' });
    expect(await claims.claim(claimOf('c'))).toMatchObject({ usage: 1 });
  });

  it('keeps API keys by their hash', async () => {
    const { apiKeys } = fixture.store;
    expect(await apiKeys.find('hash 1')).toBeNull();
    const one = { id: 'key_1', tenant: TENANT, role: 'automation', hash: 'hash 1' } as const;
    const two = { id: 'key_2', tenant: 'other', role: 'operator', hash: 'hash 2' } as const;
    const createdAt = fixture.now();
    expect(await apiKeys.create(one)).toEqual({ ...one, createdAt, revokedAt: null });
    fixture.step(1);
    await apiKeys.create(two);
    expect(await apiKeys.find('hash 2')).toEqual({ ...two, createdAt: createdAt + 1, revokedAt: null });
    expect(await apiKeys.findById('key_2')).toEqual(await apiKeys.find('hash 2'));
    expect(await apiKeys.findById('key_3')).toBeNull();
    expect((await apiKeys.list()).map(({ id }) => id)).toEqual(['key_1', 'key_2']);
    expect(await apiKeys.revoke('key_1')).toBe(true);
    const revokedAt = fixture.now();
    fixture.step(1);
    expect(await apiKeys.revoke('key_1')).toBe(true);
    expect(await apiKeys.find('hash 1')).toEqual({ ...one, createdAt, revokedAt });
    expect(await apiKeys.findById('key_1')).toEqual({ ...one, createdAt, revokedAt });
    expect(await apiKeys.revoke('key_3')).toBe(false);
    await expect(apiKeys.create(one)).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('tells what happened to a key, the newest first', async () => {
    const { claims, events } = fixture.store;
    const first = await acquire(fixture, 'k', { holder: 'h', run: 'r1' });
    await claims.claim(claimOf('k', { holder: 'h', run: 'r1' }));
    await claims.claim(claimOf('k', { run: 'r2' }));
    fixture.step(HOUR_MS);
    const second = await acquire(fixture, 'k', { run: 'r2' });
    await claims.complete(completeOf('k', first.leaseId));
    await claims.fail(failOf('k', second.leaseId, { errorCode: 'e', retryable: true }));
    await claims.claim(claimOf('k', { run: 'r3', maxAttempts: 2 }));
    const third = await acquire(fixture, 'k', { run: 'r3', maxAttempts: 3, onExpired: 'block' });
    fixture.step(HOUR_MS);
    await claims.claim(claimOf('k', { run: 'r4' }));
    await claims.extend({ tenant: TENANT, key: 'k', leaseId: third.leaseId, ttlSeconds: null });
    await claims.complete(completeOf('k', third.leaseId));
    await claims.complete(completeOf('k', third.leaseId));
    const version = third.version + 2;
    const person = { result: null, retryable: false, reason: 'again, please', by: 'key_1' };
    await claims.resolve({ tenant: TENANT, key: 'k', version, to: 'released', ...person });
    const { leaseId } = await acquire(fixture, 'k');
    await claims.cancel({ tenant: TENANT, key: 'k', leaseId, reason: 'not needed' });

    const recent = await events.recent({ tenant: TENANT, limit: 50 });
    const told = recent.map(({ type, run, attempt, errorCode, by }) => [type, run, attempt, errorCode, by]);
    expect(told.reverse()).toEqual([
      ['claimed', 'r1', 1, null, null],
      ['duplicate', 'r2', 1, null, null],
      ['run_died', 'r1', 1, null, null],
      ['taken_over', 'r2', 2, null, null],
      ['failed', 'r2', 2, 'e', null],
      ['exhausted', 'r3', 2, 'e', null],
      ['claimed', 'r3', 3, null, null],
      ['duplicate', 'r4', 3, null, null],
      ['completed', 'r3', 3, null, null],
      ['resolved', 'r3', 3, 'again, please', 'key_1'],
      ['claimed', null, 4, null, null],
      ['released', null, 4, 'not needed', null],
    ]);
    const ids = recent.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await events.recent({ tenant: TENANT, limit: 2 })).toEqual(recent.slice(0, 2));
    expect(await events.recent({ tenant: 'other', limit: 2 })).toEqual([]);
  });

  it('tells of every event where its run is: the run that asks, or the one that holds the key', async () => {
    const { claims, events } = fixture.store;
    const origin = (workflow: string) =>
      JSON.stringify({ platform: 'n8n', workflow, url: 'https://n8n.example/“ä”' });
    const first = await acquire(fixture, 'k', { origin: origin('A') });
    expect(first.origin).toBe(origin('A'));
    await claims.claim(claimOf('k', { origin: origin('B') }));
    await claims.claim(claimOf('k'));
    fixture.step(HOUR_MS);
    const second = await acquire(fixture, 'k', { origin: origin('C') });
    await claims.complete(completeOf('k', second.leaseId));
    await claims.claim(claimOf('k', { origin: origin('D') }));
    for (const workflow of ['E', 'F']) await claims.lock(lockOf('k', { origin: origin(workflow) }));
    const told = (await events.recent({ tenant: TENANT, limit: 10 })).map(({ type, origin: at }) => [
      type,
      at,
    ]);
    expect(told.reverse()).toEqual([
      ['claimed', origin('A')],
      ['duplicate', origin('B')],
      ['duplicate', null],
      ['run_died', origin('A')],
      ['taken_over', origin('C')],
      ['completed', origin('C')],
      ['duplicate', origin('D')],
      ['claimed', origin('E')],
      ['duplicate', origin('F')],
    ]);
  });

  it('tells a run that tries again of nothing until it is stopped', async () => {
    const { claims, events } = fixture.store;
    const first = await acquire(fixture, 'k');
    for (let attempt = 0; attempt < 3; attempt += 1) await claims.claim(claimOf('k', { triesAgain: true }));
    await claims.claim(claimOf('k', { triesAgain: false }));
    await claims.complete(completeOf('k', first.leaseId));
    await claims.claim(claimOf('k', { run: 'r2', triesAgain: true }));
    const told = (await events.recent({ tenant: TENANT, limit: 10 })).map(({ type, run }) => [type, run]);
    expect(told.reverse()).toEqual([
      ['claimed', null],
      ['duplicate', null],
      ['completed', null],
      ['duplicate', 'r2'],
    ]);
  });

  it('tells of one key all that happened to it', async () => {
    const { claims, events } = fixture.store;
    for (const key of ['k', 'kk', 'K', 'j:k']) await claims.claim(claimOf(key));
    const { leaseId } = await acquire(fixture, 'other');
    for (let index = 0; index < 300; index += 1) await claims.claim(claimOf('other'));
    await claims.complete(completeOf('other', leaseId));
    await claims.claim(claimOf('k'));
    const told = async (more: object = {}) =>
      (await events.recent({ tenant: TENANT, limit: 10, key: 'k', ...more })).map(({ key, type }) => [
        key,
        type,
      ]);
    expect(await told()).toEqual([
      ['k', 'duplicate'],
      ['k', 'claimed'],
    ]);
    expect(await told({ limit: 1 })).toEqual([['k', 'duplicate']]);
    expect(await told({ type: 'claimed' })).toEqual([['k', 'claimed']]);
    expect(await told({ type: 'failed' })).toEqual([]);
    expect(await told({ tenant: 'nobody' })).toEqual([]);
    expect(await told({ key: 'none' })).toEqual([]);
  });

  it('leaves the newest events out where it is told to, of those that are asked for', async () => {
    for (const key of ['a:1', 'b:1', 'a:2', 'b:2', 'a:3', 'b:3']) await acquire(fixture, key);
    await acquire(fixture, 'a:4', { tenant: 'other' });
    const keys = async (query: object) =>
      (await fixture.store.events.recent({ tenant: TENANT, limit: 2, ...query })).map(({ key }) => key);
    expect(await keys({ offset: 1 })).toEqual(['a:3', 'b:2']);
    expect(await keys({ offset: 1, job: 'a' })).toEqual(['a:2', 'a:1']);
    expect(await keys({ offset: 2, type: 'claimed' })).toEqual(['b:2', 'a:2']);
    expect(await keys({ offset: 2, type: 'claimed', job: 'b' })).toEqual(['b:1']);
    expect(await keys({ offset: 0, key: 'a:1' })).toEqual(['a:1']);
    expect(await keys({ offset: 1, key: 'a:1' })).toEqual([]);
    expect(await keys({ offset: 10 })).toEqual([]);
  });

  it('counts one type of event by where its runs are', async () => {
    const { claims, events } = fixture.store;
    await claims.claim(claimOf('a:1'));
    const at = async (count: number, origin: object | null): Promise<void> => {
      for (let nth = 0; nth < count; nth += 1)
        await claims.claim(
          claimOf('a:1', { origin: origin && JSON.stringify({ ...origin, url: `https://x/${nth}` }) }),
        );
    };
    await at(3, { platform: 'n8n', workflow: 'Ä “quoted” \\ {}' });
    await at(2, { platform: 'n8n', workflow: 'B' });
    await at(1, { platform: 'zapier' });
    await at(1, null);
    const { jobs } = await events.jobs({ tenant: TENANT, type: 'duplicate', limit: 10 });
    expect(jobs).toEqual([
      { job: 'a', platform: 'n8n', workflow: 'Ä “quoted” \\ {}', count: 3 },
      { job: 'a', platform: 'n8n', workflow: 'B', count: 2 },
      { job: 'a', platform: null, workflow: null, count: 1 },
      { job: 'a', platform: 'zapier', workflow: null, count: 1 },
    ]);
  });

  it('counts one type of event by job, the most first', async () => {
    const { claims, events } = fixture.store;
    expect(await events.jobs({ tenant: TENANT, type: 'duplicate', limit: 10 })).toEqual({
      sinceAt: null,
      jobs: [],
    });
    const sinceAt = fixture.now();
    const keys = ['b:1', 'a:1', 'a:2', 'a:b:1', ':x', 'none', 'none', 'c%:1'];
    for (const key of new Set(keys)) await claims.claim(claimOf(key));
    fixture.step(1);
    for (const key of keys) await claims.claim(claimOf(key));
    const jobs = async (limit: number, type: 'duplicate' | 'claimed' | 'failed' = 'duplicate') => {
      const counts = await events.jobs({ tenant: TENANT, type, limit });
      return { ...counts, jobs: counts.jobs.map(({ job, count }) => ({ job, count })) };
    };
    expect(await jobs(10)).toEqual({
      sinceAt,
      jobs: [
        { job: 'a', count: 3 },
        { job: null, count: 2 },
        { job: '', count: 1 },
        { job: 'b', count: 1 },
        { job: 'c%', count: 1 },
      ],
    });
    expect((await jobs(2)).jobs).toEqual([
      { job: 'a', count: 3 },
      { job: null, count: 2 },
    ]);
    expect(await jobs(10, 'failed')).toEqual({ sinceAt, jobs: [] });
  });

  it('counts events by day and type', async () => {
    const { claims, events } = fixture.store;
    await claims.lock(lockOf('l'));
    await claims.lock(lockOf('l'));
    await claims.claim(claimOf('a'));
    fixture.step(DAY_MS);
    await claims.claim(claimOf('b'));
    await acquire(fixture, 'b', { tenant: 'other' });
    const days = (fromDay: string, toDay: string) => events.metrics({ tenant: TENANT, fromDay, toDay });
    const yesterday = [
      { day: '2026-11-25', type: 'claimed', count: 2 },
      { day: '2026-11-25', type: 'duplicate', count: 1 },
    ];
    const today = [{ day: '2026-11-26', type: 'claimed', count: 1 }];
    const inAnyOrder = (counts: readonly object[]) => new Set(counts.map((count) => JSON.stringify(count)));
    expect(inAnyOrder(await days('2026-11-01', '2026-11-30'))).toEqual(inAnyOrder([...yesterday, ...today]));
    expect(await days('2026-11-26', '2026-11-26')).toEqual(today);
    expect(await days('2026-11-27', '2026-12-31')).toEqual([]);
  });

  it('forgets events after 30 days, and keeps the counts', async () => {
    const { claims, events } = fixture.store;
    await claims.claim(claimOf('old'));
    fixture.step(DAY_MS);
    await claims.claim(claimOf('new'));
    await events.recent({ tenant: TENANT, limit: 1 });
    fixture.step(29.5 * DAY_MS);
    await claims.sweep(100);
    const recent = await events.recent({ tenant: TENANT, limit: 10 });
    expect(recent.filter(({ type }) => type === 'claimed').map(({ key }) => key)).toEqual(['new']);
    const counts = await events.metrics({ tenant: TENANT, fromDay: '2026-11-25', toDay: '2026-11-25' });
    expect(counts).toEqual([{ day: '2026-11-25', type: 'claimed', count: 1 }]);
  });

  it('says that it can be written, and how durable it is', async () => {
    await fixture.store.check();
    expect(fixture.store.durability).toMatch(/\w/);
  });

  it('finishes what it accepted before it closes, closes twice, and is closed', async () => {
    const { store } = fixture;
    const accepted = Array.from({ length: 1_000 }, (_, index) => store.claims.claim(claimOf(`k${index}`)));
    await Promise.all([store.close(), store.close()]);
    expect(new Set((await Promise.all(accepted)).map(({ outcome }) => outcome))).toEqual(
      new Set(['acquired']),
    );
    await store.close();
    await expect(store.claims.claim(claimOf('late'))).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable);
  });
}
