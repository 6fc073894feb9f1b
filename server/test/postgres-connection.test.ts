import { CLAIMS, EVENTS, LOCKS } from '../src/store/postgres/rows.ts';
import { openConnection, type Connection } from '../src/store/postgres/connection.ts';
import { openStore } from '../src/store/open.ts';
import { claimOf, completeOf, TENANT, recordOf } from './store/fixture.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

const postgres = usePostgres();
let session: Connection;
beforeEach(() => {
  session = openConnection(postgres().url);
});
afterEach(() => session.close());

describe('a transaction', () => {
  beforeEach(async () => {
    await query(
      postgres().url,
      'DROP TABLE IF EXISTS public.numbers; CREATE TABLE public.numbers (number integer PRIMARY KEY)',
    );
  });
  const INSERT = 'INSERT INTO public.numbers VALUES ($1)';
  const NUMBERS = 'SELECT number FROM public.numbers ORDER BY number';

  it('gives every statement its own rows, once all are answered', async () => {
    const seen: unknown[] = [];
    await session.transaction(async (tx) => {
      tx.send(INSERT, [1]);
      tx.send(NUMBERS, [], (rows) => seen.push(rows));
      tx.send(INSERT, [2]);
      expect(await tx.query(NUMBERS)).toEqual([{ number: 1 }, { number: 2 }]);
      tx.send('DELETE FROM public.numbers RETURNING number', [], (rows) => seen.push(rows.length));
    });
    expect(seen).toEqual([[{ number: 1 }], 2]);
  });

  it('leaves nothing where one of its statements fails, and those behind it can be sent later', async () => {
    const failing = session.transaction((tx) => {
      tx.send(INSERT, [1]);
      tx.send(INSERT, [1]);
      return tx.query(NUMBERS);
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    const late = session.transaction((tx) => {
      tx.send(INSERT, [1]);
      tx.send(INSERT, [1]);
      tx.send('DELETE FROM public.numbers');
      return Promise.resolve();
    });
    await expect(late).rejects.toMatchObject({ code: '23505' });
    const numbers = await session.transaction((tx) => {
      tx.send('DELETE FROM public.numbers');
      tx.send(INSERT, [3]);
      return tx.query(NUMBERS);
    });
    expect(numbers).toEqual([{ number: 3 }]);
  });

  it('whose own work fails leaves nothing, and says so', async () => {
    const undone: string[] = [];
    const failing = session.transaction(async (tx) => {
      tx.onUndone(() => undone.push('undone'));
      tx.send(INSERT, [1]);
      await tx.query(NUMBERS);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(undone).toEqual(['undone']);
    expect(await session.transaction((tx) => tx.query(NUMBERS))).toEqual([]);
  });
});

describe('the types of rows', () => {
  it('have the columns that rows are written by, in their order', async () => {
    const store = await openStore(postgres().url, { clock: Date.now });
    await store.close();
    for (const { row, columns } of [CLAIMS, LOCKS, EVENTS]) {
      const rows = await query<{ attname: string }>(
        postgres().url,
        `SELECT attname FROM pg_attribute WHERE attrelid = 'onceonly.${row}'::regclass AND attnum > 0
           AND NOT attisdropped ORDER BY attnum`,
      );
      expect(rows.map(({ attname }) => attname)).toEqual(columns);
    }
  });

  it('let a server write on while a newer one has added columns to the tables', async () => {
    const store = await openStore(postgres().url, { clock: Date.now });
    for (const { name } of [CLAIMS, LOCKS, EVENTS])
      await query(postgres().url, `ALTER TABLE onceonly.${name} ADD COLUMN of_a_newer_server text`);
    const record = recordOf(await store.claims.claim(claimOf('old:server')));
    await store.claims.complete(completeOf('old:server', record.leaseId));
    expect(await store.events.recent({ tenant: TENANT, limit: 1 })).toMatchObject([{ type: 'completed' }]);
    await store.close();
  });

  it('keep every text as it was', async () => {
    const store = await openStore(postgres().url, { clock: Date.now });
    const texts = [
      '',
      ' ',
      '"',
      '\\',
      '\\"',
      '""',
      ',',
      '()',
      '{"a":"b\\nc, \\u0000"}',
      'NULL',
      'é😀',
      "'",
      '\n\t',
    ];
    for (const [index, text] of texts.entries()) {
      const key = `${index}:${text}`;
      const fields = { holder: text, run: text, fingerprint: text, metadata: text, group: text };
      const record = recordOf(await store.claims.claim(claimOf(key, fields)));
      expect(record).toMatchObject(fields);
      await store.claims.complete(completeOf(key, record.leaseId, { result: text, resultHash: text }));
      const read = await store.claims.read({ tenant: TENANT, key });
      expect(read).toMatchObject({
        record: { holder: text, fingerprint: text, result: text, resultHash: text },
      });
      const [told] = await store.events.recent({ tenant: TENANT, limit: 1 });
      expect(told).toMatchObject({ key, run: text, type: 'completed' });
    }
    await store.close();
  });
});
