import { join } from 'node:path';
import type { Store, Finding } from '../src/store/store.ts';
import { openSqliteStore, type SqliteStoreOptions } from '../src/store/sqlite/store.ts';
import { setClock } from '../src/store/sqlite/set-clock.ts';
import { claimOf, completeOf, DAY_MS, HOUR_MS, lockOf, NOON, TENANT, recordOf } from './store/fixture.ts';
import { useScratch } from './store/scratch.ts';

const scratch = useScratch();
const opened: Store[] = [];
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

let folder: string;
beforeEach(() => {
  folder = scratch();
});
const path = () => join(folder, 'store.db');

async function open(clock: () => number, more: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  const store = await openSqliteStore({ path: path(), clock, ...more });
  opened.push(store);
  return store;
}

const read = (store: Store, key: string) => store.claims.read({ tenant: TENANT, key });

it('goes on from what the file holds where the clock is behind at a start, and says so', async () => {
  const before = await open(() => NOON);
  await before.claims.claim(claimOf('k', { ttlSeconds: 60 }));
  await before.close();
  let now = NOON - 8 * DAY_MS;
  const store = await open(() => now);
  now += 59_000;
  expect(await store.claims.claim(claimOf('k'))).toMatchObject({
    outcome: 'in_progress',
    now: NOON + 59_000,
  });
  now += 1_000;
  expect(await store.claims.claim(claimOf('k'))).toMatchObject({
    outcome: 'acquired',
    record: { attempt: 2 },
  });
  expect(await store.check()).toMatchObject([
    { what: expect.stringMatching(/^The store's time is 8 days ahead of this machine's clock\./) as string },
  ]);
});

it('says what ended where the clock is ahead at a start', async () => {
  const before = await open(() => NOON);
  await before.claims.claim(claimOf('held', { ttlSeconds: 60 }));
  const record = recordOf(await before.claims.claim(claimOf('done')));
  await before.claims.complete(completeOf('done', record.leaseId));
  await before.close();
  const said: Finding[] = [];
  await open(() => NOON + 8 * DAY_MS, { onOpened: (finding) => void said.push(finding) });
  expect(said).toMatchObject([
    {
      what: expect.stringMatching(/8 days ago: meanwhile 1 lease ended, and 2 keys were forgotten/) as string,
    },
  ]);
  expect(said[0]?.remedy).toMatch(/set-clock/);
});

it('says nothing of a first start, or of one a moment later', async () => {
  const said: Finding[] = [];
  const onOpened = (finding: Finding): void => void said.push(finding);
  const store = await open(() => NOON, { onOpened });
  expect(await store.check()).toEqual([]);
  await store.close();
  await open(() => NOON + 30_000, { onOpened });
  expect(said).toEqual([]);
});

it('says where it is apart from this machine’s clock, and ends nothing', async () => {
  let wall = NOON;
  const store = await open(() => NOON, { wall: () => wall });
  await store.claims.claim(claimOf('k'));
  expect(await store.check()).toEqual([]);
  wall += 8 * DAY_MS;
  expect(await store.check()).toMatchObject([
    { what: expect.stringMatching(/8 days behind this machine's clock/) as string },
  ]);
  expect(await store.claims.claim(claimOf('k'))).toMatchObject({ outcome: 'in_progress' });
});

it('takes no time from a command beside the server', async () => {
  const store = await open(() => NOON);
  await store.claims.claim(claimOf('k'));
  await store.check();
  const command = await open(() => NOON + 8 * DAY_MS, { advancesTime: false });
  const role = 'automation' as const;
  await command.apiKeys.create({ id: 'key_1', tenant: TENANT, role, hash: 'h' });
  await command.check();
  expect(await store.claims.claim(claimOf('k'))).toMatchObject({ outcome: 'in_progress', now: NOON });
});

describe('a time that is set right', () => {
  it('leaves leases as long as they were, what ended ended, and what was done before remembered', async () => {
    let now = NOON;
    const before = await open(() => now);
    const record = recordOf(await before.claims.claim(claimOf('done before')));
    await before.claims.complete(completeOf('done before', record.leaseId));
    await before.claims.claim(claimOf('died', { ttlSeconds: 60 }));
    now += 8 * DAY_MS;
    await before.claims.claim(claimOf('held'));
    await before.claims.lock(lockOf('locked', { ttlSeconds: 3_600 }));
    const late = await before.claims.claim(claimOf('done ahead'));
    await before.claims.complete(completeOf('done ahead', recordOf(late).leaseId));
    expect(await read(before, 'done before')).toEqual({ outcome: 'not_found' });
    expect(() => setClock(path(), NOON + HOUR_MS)).toThrow(/in use\. Stop the server/);
    await before.close();

    expect(setClock(path(), NOON + HOUR_MS)).toBe(8 * DAY_MS - HOUR_MS);
    let right = NOON + HOUR_MS;
    const store = await open(() => right);
    expect(await store.check()).toEqual([]);
    expect(await store.claims.claim(claimOf('done before'))).toMatchObject({
      outcome: 'completed',
      now: right,
    });
    expect(await store.claims.claim(claimOf('done ahead'))).toMatchObject({
      outcome: 'completed',
      record: { doneAt: right },
    });
    expect(await read(store, 'died')).toMatchObject({ record: { expiresAt: NOON + 60_000 } });
    right += HOUR_MS - 1;
    expect(await store.claims.claim(claimOf('held'))).toMatchObject({ outcome: 'in_progress' });
    expect(await store.claims.lock(lockOf('locked'))).toMatchObject({ outcome: 'duplicate' });
    right += 1;
    expect(await store.claims.claim(claimOf('held'))).toMatchObject({ outcome: 'acquired' });
    expect(await store.claims.lock(lockOf('locked'))).toMatchObject({ outcome: 'locked' });
    right = NOON + 7 * DAY_MS;
    expect(await read(store, 'done before')).toEqual({ outcome: 'not_found' });
  });

  it('lets a group go on when its turn would have come', async () => {
    let now = NOON + 8 * DAY_MS;
    const before = await open(() => now);
    await before.claims.claim(
      claimOf('died', { group: 'g', sequence: 'n2', ttlSeconds: 60, onExpired: 'block' }),
    );
    now += 60_000;
    await before.claims.claim(claimOf('held', { group: 'g', sequence: 'n3', ttlSeconds: 3_600 }));
    await before.close();

    setClock(path(), NOON);
    let right = NOON;
    const store = await open(() => right);
    const next = claimOf('next', { group: 'g', sequence: 'n4' });
    right += HOUR_MS - 1;
    expect(await store.claims.claim(next)).toMatchObject({ outcome: 'busy', until: NOON + HOUR_MS });
    right += 1;
    expect(await store.claims.claim(next)).toMatchObject({ outcome: 'acquired' });
    // It waits for a person as long as its key does.
    right = NOON + 60_000 + 400 * DAY_MS;
    const older = claimOf('older', { group: 'g', sequence: 'n1' });
    expect(await read(store, 'died')).toEqual({ outcome: 'not_found' });
    expect(await store.claims.claim(older)).toMatchObject({ outcome: 'acquired' });
  });

  it('changes nothing where it is not ahead', async () => {
    const store = await open(() => NOON);
    await store.check();
    await store.close();
    expect(setClock(path(), NOON + HOUR_MS)).toBe(-HOUR_MS);
    const again = await open(() => NOON);
    expect(await again.claims.claim(claimOf('k'))).toMatchObject({ now: NOON });
  });
});
