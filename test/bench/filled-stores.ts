import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

/** A store that is filled with copies of a record that a server has written, while no server runs on it. */
export interface FilledStore {
  readonly name: string;
  readonly url: string;
  /** Adds so many completed keys, spread evenly over all that a hash may be; `stage` tells them from others. */
  fill(keys: number, stage: string): Promise<void>;
  /** Lets so many of them be over: the next sweep forgets them. */
  expire(keys: number): Promise<void>;
  /** How many of those that are over are still there. */
  expired(): Promise<number>;
  /** All that the claims take on the disk. */
  bytes(): Promise<number>;
}

/** The key of the record that is copied. */
export const PATTERN = 'pattern';
const STEP = 500_000;
const LONG_AGO = 1;

/** Every column of the pattern, but for its key. */
const copied = (columns: readonly string[], key: string): string =>
  columns.map((column) => (column === 'key' ? key : `p.${column}`)).join(', ');

/** Ranges of at most a step, so that no transaction is huge. */
const steps = (keys: number): [number, number][] =>
  Array.from({ length: Math.ceil(keys / STEP) }, (_, n) => [n * STEP, Math.min(keys, (n + 1) * STEP)]);

export function filledFile(path: string): FilledStore {
  const using = <T>(work: (db: DatabaseSync) => T): Promise<T> => {
    const db = new DatabaseSync(path);
    try {
      return Promise.resolve(work(db));
    } finally {
      db.close();
    }
  };
  return {
    name: 'SQLite',
    url: `sqlite:${path}`,
    fill: (keys, stage) =>
      using((db) => {
        const columns = db.prepare("SELECT name FROM pragma_table_info('claims')").all();
        const names = columns.map(({ name }) => String(name));
        const key = `printf('%08x', n.i * ${String(2 ** 32 / keys)}) || '${stage}'`;
        for (const [from, to] of steps(keys))
          db.exec(`WITH RECURSIVE n(i) AS (SELECT ${String(from)} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${String(to)})
            INSERT INTO claims (${names.join(', ')}) SELECT ${copied(names, key)} FROM n, claims p WHERE p.key = '${PATTERN}'`);
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }),
    expire: (keys) =>
      using((db) => {
        db.exec(`UPDATE claims SET forget_at = ${String(LONG_AGO)}
          WHERE (tenant, key) IN (SELECT tenant, key FROM claims WHERE key <> '${PATTERN}' LIMIT ${String(keys)})`);
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }),
    expired: () =>
      using((db) =>
        Number(
          db.prepare(`SELECT count(*) AS n FROM claims WHERE forget_at = ${String(LONG_AGO)}`).get()?.['n'],
        ),
      ),
    bytes: () => Promise.resolve(statSync(path).size),
  };
}

export function filledDatabase(url: string): FilledStore {
  const using = async <T>(work: (db: Client) => Promise<T>): Promise<T> => {
    const db = new Client({ connectionString: url, options: '-c search_path=onceonly' });
    await db.connect();
    try {
      return await work(db);
    } finally {
      await db.end();
    }
  };
  const number = async (db: Client, sql: string): Promise<number> => {
    const { rows } = await db.query<{ n: string }>(sql);
    return Number(rows[0]?.n);
  };
  return {
    name: 'Postgres',
    url,
    fill: (keys, stage) =>
      using(async (db) => {
        const { rows } = await db.query<{ name: string }>(
          "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'onceonly' AND table_name = 'claims' ORDER BY ordinal_position",
        );
        const names = rows.map(({ name }) => name);
        const key = `lpad(to_hex((n.i * ${String(2 ** 32 / keys)})::bigint), 8, '0') || '${stage}'`;
        for (const [from, to] of steps(keys))
          await db.query(`INSERT INTO claims (${names.join(', ')}) SELECT ${copied(names, key)}
            FROM generate_series(${String(from)}::bigint, ${String(to - 1)}::bigint) AS n(i), claims p WHERE p.key = '${PATTERN}'`);
        await db.query('VACUUM ANALYZE claims');
        await db.query('CHECKPOINT');
      }),
    expire: (keys) =>
      using(async (db) => {
        await db.query(`UPDATE claims SET forget_at = ${String(LONG_AGO)}
          WHERE (tenant, key) IN (SELECT tenant, key FROM claims WHERE key <> '${PATTERN}' LIMIT ${String(keys)})`);
        await db.query('CHECKPOINT');
      }),
    expired: () =>
      using((db) => number(db, `SELECT count(*) AS n FROM claims WHERE forget_at = ${String(LONG_AGO)}`)),
    bytes: () => using((db) => number(db, "SELECT pg_total_relation_size('claims') AS n")),
  };
}
