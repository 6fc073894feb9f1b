import type { EventType } from '../../src/claims/events.ts';
import { acquire, claimOf, completeOf, HOUR_MS, TENANT, useStore, type OpenStore } from './fixture.ts';

/** Runs whose lease ended before their work did are told once. */
export function dying(open: OpenStore): void {
  const fixture = useStore(open);
  const claims = () => fixture.store.claims;
  const told = async (): Promise<readonly EventType[]> => {
    const events = await fixture.store.events.recent({ tenant: TENANT, limit: 1_000 });
    return events.map(({ type }) => type).reverse();
  };

  it('tells once, with run and attempt, and leaves the version alone', async () => {
    const { version, firstSeenAt } = await acquire(fixture, 'k', { run: 'r1' });
    expect(await claims().reportDeaths(100)).toBe(0);
    fixture.step(HOUR_MS);
    expect(await claims().reportDeaths(100)).toBe(1);
    expect(await claims().reportDeaths(100)).toBe(0);
    const [died] = await fixture.store.events.recent({ tenant: TENANT, limit: 1 });
    expect(died).toMatchObject({ type: 'run_died', key: 'k', run: 'r1', attempt: 1, firstSeenAt });
    expect(await claims().read({ tenant: TENANT, key: 'k' })).toMatchObject({ record: { version } });
  });

  it('tells nothing of a run that ended in time, or late and untold', async () => {
    const inTime = await acquire(fixture, 'a');
    await claims().complete(completeOf('a', inTime.leaseId));
    const late = await acquire(fixture, 'b');
    fixture.step(HOUR_MS);
    await claims().complete(completeOf('b', late.leaseId));
    expect(await claims().reportDeaths(100)).toBe(0);
  });

  it('tells of a late completion after the death as completed', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    await claims().reportDeaths(100);
    await claims().complete(completeOf('k', leaseId));
    await claims().reportDeaths(100);
    expect(await told()).toEqual(['claimed', 'run_died', 'completed']);
  });

  it('tells of the death first where the next run was quicker', async () => {
    await acquire(fixture, 'k', { run: 'r1' });
    fixture.step(HOUR_MS);
    await acquire(fixture, 'k', { run: 'r2' });
    expect(await claims().reportDeaths(100)).toBe(0);
    expect(await told()).toEqual(['claimed', 'run_died', 'taken_over']);
  });

  it('tells again of a lease that was prolonged and ended again', async () => {
    const { leaseId } = await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    await claims().reportDeaths(100);
    await claims().extend({ tenant: TENANT, key: 'k', leaseId, ttlSeconds: 60 });
    expect(await claims().reportDeaths(100)).toBe(0);
    fixture.step(60_000);
    expect(await claims().reportDeaths(100)).toBe(1);
  });

  it('says where a person is to decide', async () => {
    await claims().claim(claimOf('k', { onExpired: 'block' }));
    fixture.step(HOUR_MS);
    await claims().reportDeaths(100);
    expect(await told()).toEqual(['claimed', 'run_died', 'unresolved']);
  });

  it('says so once, however many runs are turned away', async () => {
    await claims().claim(claimOf('k', { onExpired: 'block' }));
    fixture.step(HOUR_MS);
    for (let n = 0; n < 2; n += 1) await claims().claim(claimOf('k'));
    await claims().reportDeaths(100);
    for (let n = 0; n < 2; n += 1) await claims().claim(claimOf('k', { onExpired: 'block' }));
    await claims().reportDeaths(100);
    expect(await told()).toEqual([
      ...['claimed', 'duplicate', 'duplicate', 'run_died', 'unresolved', 'duplicate', 'duplicate'],
    ]);
  });

  it.each([true, false])('says so once where a later claim blocks; death told before: %s', async (before) => {
    await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    if (before) await claims().reportDeaths(100);
    for (let n = 0; n < 2; n += 1) await claims().claim(claimOf('k', { onExpired: 'block' }));
    await claims().reportDeaths(100);
    expect(await told()).toEqual(
      before
        ? ['claimed', 'run_died', 'unresolved', 'duplicate']
        : ['claimed', 'duplicate', 'duplicate', 'run_died', 'unresolved'],
    );
  });

  it('tells of each run that is turned away since the attempts are used up', async () => {
    await acquire(fixture, 'k', { maxAttempts: 1 });
    fixture.step(HOUR_MS);
    await claims().reportDeaths(100);
    for (let n = 0; n < 2; n += 1) await claims().claim(claimOf('k'));
    expect(await told()).toEqual(['claimed', 'run_died', 'exhausted', 'exhausted']);
  });

  it('tells of many in small steps, each once', async () => {
    await Promise.all(Array.from({ length: 250 }, (_, n) => acquire(fixture, `k${n}`)));
    fixture.step(HOUR_MS);
    expect([
      await claims().reportDeaths(100),
      await claims().reportDeaths(100),
      await claims().reportDeaths(100),
      await claims().reportDeaths(100),
    ]).toEqual([100, 100, 50, 0]);
    expect((await told()).filter((type) => type === 'run_died')).toHaveLength(250);
  });

  it('forgets nobody before the death was told', async () => {
    await acquire(fixture, 'k', { retentionSeconds: 1 });
    fixture.step(2 * HOUR_MS);
    await claims().sweep(100);
    expect(await told()).toEqual(['claimed', 'run_died']);
  });
}
