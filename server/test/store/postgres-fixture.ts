import { Client } from 'pg';
import type { Store } from '../../src/store/store.ts';
import type { Clock } from '../../src/clock.ts';
import { openPostgresStore } from '../../src/store/postgres/store.ts';
import { startPostgres, type PostgresService, type PostgresSettings } from '../services/postgres.ts';

/** Durability has tests of its own, and syncing is slow. */
export const UNSYNCED: PostgresSettings = { fsync: 'off' };

/** Starts a Postgres for the tests of this file. */
export function usePostgres(settings?: PostgresSettings): () => PostgresService {
  let service: PostgresService | undefined;
  beforeAll(async () => {
    service = await startPostgres(settings);
  });
  afterAll(() => service?.close());
  return () => {
    if (service === undefined) throw new Error('Postgres is started before the tests.');
    return service;
  };
}

/** Opens a store on the clock it is handed, in a database that is empty but for the schema. */
export async function openEmptied(url: string, testClock: Clock): Promise<Store> {
  await empty(url);
  return openPostgresStore({ url, clock: Date.now, testClock });
}

/** Deletes all that the database holds but for the schema, its time included. */
export async function empty(url: string): Promise<void> {
  await query(url, EMPTY);
}

/** Rows are deleted: truncating makes new files, which are synced one by one. */
const EMPTY = `DO $$ DECLARE name text; BEGIN
  IF to_regclass('onceonly.counters') IS NULL THEN RETURN; END IF;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'onceonly' AND tablename <> 'counters' LOOP
    EXECUTE 'DELETE FROM onceonly.' || name;
  END LOOP;
  UPDATE onceonly.counters SET value = 0 WHERE counters.name <> 'schema';
END $$`;

export async function query<Row>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}
