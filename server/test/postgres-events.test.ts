import { createEventBuffer, writeEvents } from '../src/store/postgres/event-writer.ts';
import { migrate } from '../src/store/postgres/migrations.ts';
import { openConnection, type Connection } from '../src/store/postgres/connection.ts';
import type { NewEvent } from '../src/store/shared/transaction.ts';
import { NOON } from './store/fixture.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

// The disk may be busy with others' work.
jest.setTimeout(120_000);

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
