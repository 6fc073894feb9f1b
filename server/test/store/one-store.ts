import type { Store } from '../../src/store/store.ts';
import { claimOf, lockOf, TENANT, recordOf } from './fixture.ts';

/** Expects of several servers' stores that they are one: of all their claims of a key one wins, and fences differ. */
export async function expectOneStore(stores: readonly Store[]): Promise<void> {
  const claims = Array.from({ length: 100 }, (_, index) =>
    stores.map((store) => store.claims.claim(claimOf(`k${index}`))),
  );
  const fences = new Set<number>();
  for (const each of claims) {
    const outcomes = await Promise.all(each);
    const [first, ...others] = outcomes.map(({ outcome }) => outcome).sort();
    expect([first, new Set(others)]).toEqual(['acquired', new Set(['in_progress'])]);
    expect(new Set(outcomes.map((outcome) => recordOf(outcome).leaseId)).size).toBe(1);
    for (const outcome of outcomes.slice(0, 1)) fences.add(recordOf(outcome).fence);
  }
  expect(fences.size).toBe(100);
  const locks = Array.from({ length: 100 }, (_, index) =>
    stores.map((store) => store.claims.lock(lockOf(`k${index}`))),
  );
  for (const each of locks) {
    const outcomes = await Promise.all(each);
    expect(outcomes.filter(({ outcome }) => outcome === 'locked')).toHaveLength(1);
  }
  for (const store of stores) {
    expect(await store.claims.usage(TENANT)).toMatchObject({ ai: 100, make: 100 });
  }
}
