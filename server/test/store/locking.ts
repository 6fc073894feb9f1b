import { acquire, claimOf, lockOf, useStore, type OpenStore } from './fixture.ts';

/** Check-lock: a claim without an end. */
export function locking(open: OpenStore): void {
  const fixture = useStore(open);
  const lock = (fields: Parameters<typeof lockOf>[1] = {}) => fixture.store.claims.lock(lockOf('k', fields));

  it('locks the first, and calls the others duplicates until its ttl has passed', async () => {
    const firstSeenAt = fixture.now();
    const first = { ttlSeconds: 60, firstSeenAt, expiresAt: firstSeenAt + 60_000 };
    expect(await lock()).toEqual({ outcome: 'locked', ...first, now: firstSeenAt });
    fixture.step(59_999);
    expect(await lock({ ttlSeconds: 5 })).toEqual({ outcome: 'duplicate', ...first, now: fixture.now() });
    fixture.step(1);
    expect(await lock({ ttlSeconds: 5 })).toMatchObject({
      outcome: 'locked',
      ttlSeconds: 5,
      firstSeenAt: fixture.now(),
    });
  });

  it('tells its holder again that it holds, without prolonging it', async () => {
    const first = await lock({ holder: 'h' });
    fixture.step(1_000);
    expect(await lock({ holder: 'h', ttlSeconds: 500 })).toEqual({ ...first, now: fixture.now() });
    expect(await lock({ holder: 'other' })).toMatchObject({ outcome: 'duplicate' });
    expect(await lock()).toMatchObject({ outcome: 'duplicate' });
  });

  it('is a space of keys of its own', async () => {
    await acquire(fixture, 'k');
    expect(await lock()).toMatchObject({ outcome: 'locked' });
    expect(await fixture.store.claims.claim(claimOf('k'))).toMatchObject({ outcome: 'in_progress' });
  });

  it('is of one tenant', async () => {
    await lock();
    expect(await lock({ tenant: 'other' })).toMatchObject({ outcome: 'locked' });
  });
}
