import { Client } from 'pg';
import { maskOf } from '../src/store/shared/event-rules.ts';
import { makeDeliveries } from '../src/store/postgres/deliveries.ts';
import { createEventBuffer, writeEvents } from '../src/store/postgres/event-writer.ts';
import { migrate } from '../src/store/postgres/migrations.ts';
import { openConnection, type Connection } from '../src/store/postgres/connection.ts';
import { openPostgresStore } from '../src/store/postgres/store.ts';
import type { NewEvent } from '../src/store/shared/transaction.ts';
import { claimOf, NOON, recordOf, TENANT } from './store/fixture.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

const postgres = usePostgres();
let session: Connection;
beforeEach(async () => {
  session = openConnection(postgres().url);
  await migrate(session);
});
afterEach(() => session.close());

const event = (key: string): NewEvent => ({
  ...{ tenant: 1, at: NOON, type: 'claimed', key, run: null, origin: null, attempt: 1, firstSeenAt: NOON },
  ...{ errorCode: null, by: null },
});
const written = async (): Promise<string[]> => {
  const rows = await query<{ key: string }>(postgres().url, 'SELECT key FROM onceonly.events ORDER BY id');
  return rows.map(({ key }) => key);
};

test('events of a transaction that is undone are held again, in their order, and written once', async () => {
  const buffer = createEventBuffer(() => undefined);
  buffer.collect([event('a'), event('b')]);
  const undone = session.transaction(async (tx) => {
    await writeEvents(tx, buffer, []);
    expect(buffer.size).toBe(0);
    buffer.collect([event('c')]);
    await tx.query('SELECT 1 / 0');
  });
  await expect(undone).rejects.toThrow('division by zero');
  expect(await written()).toEqual([]);
  expect(buffer.size).toBe(3);
  await session.transaction((tx) => writeEvents(tx, buffer, [event('d')]));
  expect([buffer.size, await written()]).toEqual([0, ['a', 'b', 'c', 'd']]);
});

test('what is given back is written later, also where nothing else happens', () => {
  let told = 0;
  const buffer = createEventBuffer(() => (told += 1));
  buffer.collect([event('a')]);
  expect(told).toBe(1);
  // Another transaction takes all, so that whoever was to write finds nothing; then it is undone.
  buffer.giveBack(buffer.take(10));
  expect([buffer.size, told]).toEqual([1, 2]);
  buffer.collect([event('b')]);
  expect([buffer.size, told]).toEqual([2, 3]);
});

test('a statement that fails fails the transaction with its own reason, and the next one is well', async () => {
  const failing = session.transaction(async (tx) => {
    tx.send('SELECT 1 / $1::int', [0]);
    await tx.query('SELECT 1');
  });
  await expect(failing).rejects.toThrow('division by zero');
  expect(await session.transaction((tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

test('who reads is told of an answered claim, also while a person’s decision takes its event along', async () => {
  const store = await openPostgresStore({ url: postgres().url, clock: Date.now });
  const by = new Client({ connectionString: postgres().url });
  await by.connect();
  try {
    await store.hooks.create({
      ...{ id: 'hook_1', tenant: TENANT, createdBy: 'key_1', url: 'http://x', secret: 's', job: null },
      events: ['resolved'],
    });
    const { version } = recordOf(await store.claims.claim(claimOf('decided')));
    await store.events.recent({ tenant: TENANT, limit: 1 });
    // The hook wants the decision, so it also goes into the outbox, and waits for this.
    await by.query('BEGIN');
    await by.query('LOCK TABLE onceonly.outbox IN SHARE MODE');
    await store.claims.claim(claimOf('claimed'));
    const deciding = store.claims.resolve({
      ...{ tenant: TENANT, key: 'decided', version, to: 'completed', result: null },
      ...{ retryable: false, reason: null, by: 'key_1' },
    });
    while ((await waitingForLocks()) < 1);
    const read = jest.fn();
    const reading = store.events.recent({ tenant: TENANT, limit: 10 }).finally(read);
    while (read.mock.calls.length === 0 && (await waitingForLocks()) < 2);
    await by.query('COMMIT');
    expect((await reading).map(({ type, key }) => `${type} ${key}`)).toContain('claimed claimed');
    expect(await deciding).toMatchObject({ outcome: 'done' });
  } finally {
    await by.end();
    await store.close();
  }
});

async function waitingForLocks(): Promise<number> {
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
  return (await query(postgres().url, waiting)).length;
}

test('deliveries of many events to a hundred hooks are made in short steps, in the order of the events', async () => {
  await query(postgres().url, 'TRUNCATE onceonly.hooks, onceonly.outbox');
  await query(
    postgres().url,
    `INSERT INTO onceonly.hooks (id, tenant, created_by, url, secret, events, created_at)
     SELECT 'h' || n, 1, 'c', 'https://example.org', 's', ${String(maskOf(['claimed']))}, ${String(NOON)}
     FROM generate_series(1, 100) AS n`,
  );
  const buffer = createEventBuffer(() => undefined);
  buffer.collect(Array.from({ length: 23 }, (_, index) => event(`k${String(index % 20)}`)));
  await session.transaction((tx) => writeEvents(tx, buffer, []));
  const made: number[] = [];
  for (let more = true; more;) {
    more = await session.transaction((tx) => makeDeliveries({ ...tx, now: NOON, keepTime: () => undefined }));
    const [row] = await query<{ count: string }>(
      postgres().url,
      'SELECT count(*) AS count FROM onceonly.deliveries',
    );
    made.push(Number(row?.count));
  }
  expect(made).toEqual([500, 1_000, 1_500, 2_000, 2_300]);
  const due = await query(
    postgres().url,
    `SELECT event FROM onceonly.deliveries WHERE next_at IS NULL AND NOT EXISTS (
       SELECT FROM onceonly.deliveries d WHERE d.hook = deliveries.hook AND d.key = deliveries.key AND d.event < deliveries.event)`,
  );
  expect(due).toEqual([]);
});
