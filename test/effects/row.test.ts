import { Pool } from 'pg';
import { UNSYNCED, usePostgres } from '../../server/test/store/postgres-fixture.ts';
import { openWorld, type World } from '../world.ts';
import { atOnce, DUPLICATES, runOn, runWithout, STEPS, type Effect } from './runs.ts';

const EVENT = { job: 'save-customer', key: 'customer-7', while_in_progress: 'stop' };

const postgres = usePostgres(UNSYNCED);
let world: World;
let customers: Pool;

beforeEach(async () => {
  world = await openWorld();
  customers = new Pool({ connectionString: await postgres().createDatabase(), max: DUPLICATES });
  // No unique index: what an automation writes into seldom has one, and a sheet never.
  await customers.query('CREATE TABLE customers (customer text, name text)');
});
afterEach(async () => {
  await customers.end();
  await world.close();
});

const rows = async (): Promise<number> =>
  (await customers.query('SELECT FROM customers WHERE customer = $1', [EVENT.key])).rows.length;

const insert: Effect = async () => {
  const { rowCount } = await customers.query('INSERT INTO customers VALUES ($1, $2)', [EVENT.key, 'Ada']);
  return { rows: rowCount };
};

test('Database rows: without the steps, each duplicate writes one', async () => {
  await atOnce(() => runWithout(insert));
  expect(await rows()).toBe(DUPLICATES);
});

test('looking first whether the row is there does not help: all have looked before one has written', async () => {
  const everybodyHasLooked = meeting(DUPLICATES);
  await atOnce(() =>
    runWithout(async (claimed) => {
      const found = await rows();
      await everybodyHasLooked();
      return found === 0 ? insert(claimed) : undefined;
    }),
  );
  expect(await rows()).toBe(DUPLICATES);
});

test.each(STEPS)('Database rows: with them, on %s, one', async (_, open) => {
  const steps = await open(world);
  const outcomes = await atOnce(() => runOn(steps, EVENT, insert));
  await atOnce(() => runOn(steps, EVENT, insert));
  await steps.close();
  expect(await rows()).toBe(1);
  expect(outcomes.filter(({ kind }) => kind === 'continued')).toHaveLength(1);
});

/** Whoever comes waits until all have come. */
function meeting(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let here = 0;
  return async () => {
    here += 1;
    if (here === size) resolve(undefined);
    await promise;
  };
}
