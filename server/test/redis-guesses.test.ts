import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGuesses } from '../src/store/redis/guesses.ts';
import type { Loaded } from '../src/store/redis/load.ts';
import type { RedisTenants } from '../src/store/redis/tenants.ts';

const tenants = {
  base: (tenant: string) => tenant,
  time: () => ({ now: () => 0, redisNow: () => 0, advanceTo: () => undefined }),
} as unknown as RedisTenants;

const loadedWith = (claims: ReadonlyMap<string, string>): Loaded => ({
  ...{ time: 0, now: 0, kept: 0, fence: 7, month: '1970-01', usage: { ai: 0, make: 0 }, hooksVersion: 0 },
  ...{ hooks: [], claims, groups: new Map(), locks: new Map() },
});

test('of what was loaded for a tenant, no record is kept', () => {
  const guesses = createGuesses(tenants);
  const refs = ['a', 'b'].map((tenant) => {
    const claims = new Map([['k', 'a record, perhaps with a long result']]);
    guesses.loaded(tenant, loadedWith(claims));
    return new WeakRef(claims);
  });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A reference that was just made lasts until the turn of the event loop is over.
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    collect();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    expect(guesses.of('a', { claims: ['k'] })).toMatchObject({ fence: 7, month: '1970-01' });
  });
});

test('so many tenants are remembered and no more: those that were not seen for long load again', () => {
  const guesses = createGuesses(tenants);
  for (let tenant = 0; tenant < 3_000; tenant += 1) guesses.loaded(`t${tenant}`, loadedWith(new Map()));
  const known = Array.from({ length: 3_000 }, (_, tenant) => guesses.of(`t${tenant}`, { claims: ['k'] }));
  expect(known.filter((guess) => guess !== undefined)).toHaveLength(2_000);
  expect(guesses.of('t2999', { claims: ['k'] })).toMatchObject({ fence: 7 });
});
