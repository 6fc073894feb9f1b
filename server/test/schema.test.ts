import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate as migratePostgres } from '../src/store/postgres/migrations.ts';
import { openConnection } from '../src/store/postgres/connection.ts';
import { migrate as migrateSqlite } from '../src/store/sqlite/migrations.ts';
import { query, usePostgres } from './store/postgres-fixture.ts';

/** What all migrations together come to is in the repository; `SCHEMA=1` writes it. */
function expectSchema(store: string, schema: string): void {
  const file = new URL(`../src/store/${store}/schema.sql`, import.meta.url);
  const text = `-- What all migrations come to. Written by SCHEMA=1 npm test -- server/test/schema.test.ts\n\n${schema}\n`;
  if (process.env['SCHEMA'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
}

test('the migrations of SQLite come to its schema', () => {
  const db = new DatabaseSync(':memory:');
  migrateSqlite(db, ':memory:');
  const made = db
    .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name')
    .all()
    .map(({ sql }) => `${String(sql)};`);
  db.close();
  expectSchema('sqlite', made.join('\n\n'));
});

describe('on Postgres', () => {
  const postgres = usePostgres();

  test('the migrations come to its schema', async () => {
    const url = await postgres().createDatabase();
    const session = openConnection(url);
    await migratePostgres(session);
    await session.close();
    const made = await query<{ sql: string }>(url, SCHEMA);
    expectSchema('postgres', made.map(({ sql }) => sql).join('\n\n'));
  });
});

/** Tables, types and sequences with their columns and keys, then indexes, by their names. */
const SCHEMA = `
  WITH columns AS (
    SELECT attrelid, string_agg(
      concat_ws(' ', '  ' || quote_ident(attname), format_type(atttypid, atttypmod),
        CASE WHEN attcollation = '"C"'::regcollation THEN 'COLLATE "C"' END,
        CASE WHEN attnotnull THEN 'NOT NULL' END,
        CASE WHEN attidentity = 'a' THEN 'GENERATED ALWAYS AS IDENTITY' END,
        'DEFAULT ' || pg_get_expr(adbin, adrelid)),
      E',\n' ORDER BY attnum) AS list
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped GROUP BY attrelid),
  keys AS (
    SELECT conrelid, string_agg(E',\n  ' || pg_get_constraintdef(oid), '' ORDER BY contype, conname) AS list
    FROM pg_constraint WHERE contype IN ('p', 'u') GROUP BY conrelid)
  SELECT CASE relkind
    WHEN 'r' THEN 'CREATE TABLE ' || relname || E' (\n' || columns.list || coalesce(keys.list, '') || E'\n);'
    WHEN 'c' THEN 'CREATE TYPE ' || relname || E' AS (\n' || columns.list || E'\n);'
    WHEN 'S' THEN 'CREATE SEQUENCE ' || relname || ';'
    WHEN 'i' THEN pg_get_indexdef(c.oid) || ';'
  END AS sql
  FROM pg_class c LEFT JOIN columns ON attrelid = c.oid LEFT JOIN keys ON conrelid = c.oid
  WHERE relnamespace = 'onceonly'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'i' AND relkind = 'S')
  ORDER BY relkind = 'i', relname`;
