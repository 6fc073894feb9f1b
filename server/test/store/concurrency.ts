import {
  acquire,
  claimOf,
  completeOf,
  HOUR_MS,
  lockOf,
  readRecord,
  TENANT,
  useStore,
  type OpenStore,
  recordOf,
} from './fixture.ts';

const MANY = 200;

/** Many at once: one winner, and everybody sees the same. */
export function concurrency(open: OpenStore): void {
  const fixture = useStore(open);
  const many = <T>(call: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: MANY }, (_, i) => call(i)));
  const claimBy = (index: number) => fixture.store.claims.claim(claimOf('k', { holder: `h${index}` }));

  it(`lets one of ${MANY} claims win`, async () => {
    const outcomes = await many(claimBy);
    const winners = outcomes.filter(({ outcome }) => outcome === 'acquired');
    expect(winners).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => recordOf(outcome).leaseId)).size).toBe(1);
    expect(await fixture.store.claims.usage(TENANT)).toMatchObject({ ai: 1 });
  });

  it(`lets one of ${MANY} takeovers win`, async () => {
    await acquire(fixture, 'k');
    fixture.step(HOUR_MS);
    const outcomes = await many(claimBy);
    expect(outcomes.filter(({ outcome }) => outcome === 'acquired')).toHaveLength(1);
    expect(await readRecord(fixture, 'k')).toMatchObject({ attempt: 2 });
  });

  it(`gives one lease to ${MANY} claims of one holder`, async () => {
    const outcomes = await many(() => fixture.store.claims.claim(claimOf('k', { holder: 'h' })));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['acquired']));
    expect(new Set(outcomes.map((outcome) => recordOf(outcome).leaseId)).size).toBe(1);
    expect(await fixture.store.claims.usage(TENANT)).toMatchObject({ ai: 1 });
  });

  it(`keeps the first of ${MANY} results`, async () => {
    const { leaseId } = await acquire(fixture, 'k');
    const outcomes = await many((index) =>
      fixture.store.claims.complete(completeOf('k', leaseId, { result: String(index) })),
    );
    const { result } = await readRecord(fixture, 'k');
    for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: 'done', record: { result } });
  });

  it(`gives ${MANY} keys ${MANY} fences`, async () => {
    const outcomes = await many((index) => fixture.store.claims.claim(claimOf(`k${index}`)));
    expect(new Set(outcomes.map((outcome) => recordOf(outcome).fence)).size).toBe(MANY);
    expect(new Set(outcomes.map((outcome) => recordOf(outcome).leaseId)).size).toBe(MANY);
    expect(new Set(outcomes.map(({ usage }) => usage))).toEqual(
      new Set(Array.from({ length: MANY }, (_, index) => index + 1)),
    );
  });

  it(`locks one of ${MANY}`, async () => {
    const outcomes = await many(() => fixture.store.claims.lock(lockOf('k')));
    expect(outcomes.filter(({ outcome }) => outcome === 'locked')).toHaveLength(1);
  });

  it('keeps tenants apart', async () => {
    const mine = await acquire(fixture, 'k');
    const theirs = await acquire(fixture, 'k', { tenant: 'other' });
    expect(theirs.leaseId).not.toBe(mine.leaseId);
    const { claims } = fixture.store;
    expect(await claims.complete(completeOf('k', theirs.leaseId))).toMatchObject({ outcome: 'lease_lost' });
    expect(await claims.read({ tenant: 'third', key: 'k' })).toEqual({ outcome: 'not_found' });
    await claims.complete(completeOf('k', mine.leaseId, { result: '"mine"' }));
    expect(await readRecord(fixture, 'k', 'other')).toEqual(theirs);
    const listed = await claims.list({ tenant: 'other', prefix: '', status: null, limit: 10, cursor: null });
    expect(listed.items).toEqual([{ key: 'k', record: theirs }]);
    expect(await claims.usage('other')).toMatchObject({ ai: 1 });
  });
}
