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
  type Traits,
} from './fixture.ts';

/** Ends of leases, forgetting, and clocks that step. */
export function time(open: OpenStore, { forgetsByItself = false }: Traits): void {
  const fixture = useStore(open);
  const claims = () => fixture.store.claims;
  const read = (key = 'k') => claims().read({ tenant: TENANT, key });

  it('ends a lease at its instant', async () => {
    await acquire(fixture, 'k');
    fixture.step(HOUR_MS - 1);
    expect(await claims().claim(claimOf('k'))).toMatchObject({ outcome: 'in_progress' });
    fixture.step(1);
    expect(await claims().claim(claimOf('k'))).toMatchObject({ outcome: 'acquired' });
  });

  it('never revives an expired lease when the clock is set back', async () => {
    await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    await read();
    fixture.step(-2 * HOUR_MS);
    expect(await claims().claim(claimOf('k'))).toMatchObject({
      outcome: 'acquired',
      now: fixture.now() + 2 * HOUR_MS,
    });
  });

  it('ends leases early when the clock steps forward', async () => {
    await acquire(fixture, 'k');
    fixture.step(DAY_MS);
    expect(await acquire(fixture, 'k')).toMatchObject({ attempt: 2 });
  });

  it('forgets a finished key its retention after it was done', async () => {
    const { leaseId } = await acquire(fixture, 'k', { retentionSeconds: 60 });
    fixture.step(1_000);
    await claims().complete(completeOf('k', leaseId));
    fixture.step(59_999);
    expect(await read()).toMatchObject({ outcome: 'found' });
    fixture.step(1);
    expect(await read()).toEqual({ outcome: 'not_found' });
    expect(await claims().complete(completeOf('k', leaseId))).toEqual({ outcome: 'not_found' });
  });

  it('forgets an unfinished key its retention after its lease', async () => {
    await acquire(fixture, 'k', { retentionSeconds: 60 });
    fixture.step(HOUR_MS + 59_999);
    expect(await read()).toMatchObject({ outcome: 'found' });
    fixture.step(1);
    expect(await read()).toEqual({ outcome: 'not_found' });
  });

  it('remembers a blocked key for 400 days after its lease, whoever said block', async () => {
    await acquire(fixture, 'stored', { retentionSeconds: 60, onExpired: 'block' });
    await acquire(fixture, 'later', { retentionSeconds: 60 });
    fixture.step(HOUR_MS);
    await claims().claim(claimOf('later', { onExpired: 'block' }));
    fixture.step(400 * DAY_MS - 1);
    for (const key of ['stored', 'later']) expect(await read(key)).toMatchObject({ outcome: 'found' });
    fixture.step(1);
    for (const key of ['stored', 'later']) expect(await read(key)).toEqual({ outcome: 'not_found' });
  });

  it.each([true, false])('starts anew after forgetting, with a higher fence (swept: %s)', async (swept) => {
    const { leaseId, fence } = await acquire(fixture, 'k', {
      maxAttempts: 1,
      fingerprint: 'a',
      metadata: '{}',
    });
    await claims().fail(failOf('k', leaseId, { noEffect: true }));
    fixture.step(7 * DAY_MS);
    if (swept) expect(await claims().sweep(10)).toBe(forgetsByItself ? 0 : 1);
    const next = await acquire(fixture, 'k', { fingerprint: 'b' });
    expect(next).toMatchObject({
      attempt: 1,
      version: 1,
      epoch: 0,
      firstSeenAt: fixture.now(),
      fingerprint: 'b',
      maxAttempts: null,
      metadata: null,
    });
    expect(next.fence).toBeGreaterThan(fence);
    expect(await claims().complete(completeOf('k', leaseId))).toMatchObject({ outcome: 'lease_lost' });
  });

  it('sweeps what is forgotten, and only that, as much at a time as it is told', async () => {
    for (const key of ['a', 'b', 'c']) await acquire(fixture, key, { ttlSeconds: 1, retentionSeconds: 1 });
    await claims().lock(lockOf('l', { ttlSeconds: 1 }));
    await acquire(fixture, 'expired', { ttlSeconds: 1 });
    await acquire(fixture, 'blocked', { ttlSeconds: 1, retentionSeconds: 1, onExpired: 'block' });
    await claims().lock(lockOf('live'));
    expect(await claims().sweep(10)).toBe(0);
    fixture.step(2_000);
    // Five died: three are told of first, then the other two, and what is forgotten goes.
    expect(await claims().sweep(3)).toBe(3);
    expect(await claims().sweep(10)).toBe(forgetsByItself ? 3 : 4);
    expect(await claims().sweep(10)).toBe(0);
    for (const key of ['expired', 'blocked']) expect(await read(key)).toMatchObject({ outcome: 'found' });
    expect(await claims().lock(lockOf('live'))).toMatchObject({ outcome: 'duplicate' });
  });
}
