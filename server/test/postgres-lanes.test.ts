import { Client } from 'pg';
import type { Store } from '../src/store/store.ts';
import { openStore } from '../src/store/open.ts';
import { createBatchRunner } from '../src/store/postgres/batches.ts';
import { openConnection, type Connection } from '../src/store/postgres/connection.ts';
import { watchDisk } from '../src/store/postgres/disk.ts';
import { createEventBuffer } from '../src/store/postgres/event-writer.ts';
import { createTenants } from '../src/store/postgres/tenants.ts';
import { createStoreTime } from '../src/store/postgres/time.ts';
import { claimOf } from './store/fixture.ts';
import { query, UNSYNCED, usePostgres } from './store/postgres-fixture.ts';

const postgres = usePostgres(UNSYNCED);
let store: Store;
beforeEach(async () => {
  store = await openStore(postgres().url, { clock: Date.now });
});
afterEach(() => store.close());

test('look-ups, and checks, do not wait for claims that do', async () => {
  await store.claims.claim(claimOf('locked'));
  const other = new Client({ connectionString: postgres().url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query('SELECT FROM onceonly.claims FOR UPDATE');
    const ended: string[] = [];
    const claim = store.claims.claim(claimOf('locked')).then(() => ended.push('claim'));
    expect(await store.apiKeys.find('nobody')).toBeNull();
    expect(await store.apiKeys.findById('nobody')).toBeNull();
    expect(await store.check()).toEqual([]);
    ended.push('look-ups');
    await other.query('COMMIT');
    await claim;
    expect(ended).toEqual(['look-ups', 'claim']);
  } finally {
    await other.end();
  }
});

test('a batch is not done one by one where the database refuses one request of it', async () => {
  const connection = openConnection(postgres().url);
  let transactions = 0;
  const counting: Connection = {
    transaction(work) {
      transactions += 1;
      return connection.transaction(work);
    },
    close: () => connection.close(),
  };
  const run = createBatchRunner({
    connection: counting,
    tenants: createTenants(counting),
    buffer: createEventBuffer(() => undefined),
    time: createStoreTime(undefined, () => 0),
    disk: watchDisk(),
  });
  const claim = (key: string) => ({ ...claimOf(key), kind: 'claim' }) as const;
  const batch = Array.from({ length: 256 }, (_, index) =>
    claim(index === 100 ? 'no\0text' : `one by one ${index}`),
  );
  const replies = await run(batch);
  expect(replies.map((reply) => 'answer' in reply)).toEqual(batch.map((_, index) => index !== 100));
  expect(transactions).toBeLessThanOrEqual(24);
  await connection.close();
});

test('a full disk is noticed by the check, until there is room again', async () => {
  // As Postgres says it where a table needs a new page.
  await query(
    postgres().url,
    `CREATE FUNCTION onceonly.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'could not extend file "base/5/1259": No space left on device' USING ERRCODE = '53100';
     END $$;
     CREATE TRIGGER full_disk BEFORE INSERT ON onceonly.claims EXECUTE FUNCTION onceonly.full_disk();
     CREATE TRIGGER full_disk BEFORE INSERT ON onceonly.events EXECUTE FUNCTION onceonly.full_disk()`,
  );
  await expect(store.claims.claim(claimOf('lost'))).rejects.toThrow('No space left on device');
  for (let checks = 0; checks < 2; checks += 1)
    await expect(store.check()).rejects.toThrow('No space left on device');
  await query(postgres().url, 'DROP FUNCTION onceonly.full_disk() CASCADE');
  expect(await store.check()).toEqual([]);
  expect(await store.claims.claim(claimOf('lost'))).toMatchObject({ outcome: 'acquired' });
  expect(await query(postgres().url, 'SELECT FROM onceonly.events WHERE tenant = 0')).toEqual([]);
});
