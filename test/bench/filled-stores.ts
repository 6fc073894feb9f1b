import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

/** A store that is filled with copies of a record that a server has written, while no server runs on it. */
export interface FilledStore {
  readonly name: string;
  readonly url: string;
  /** Adds so many completed keys of so many jobs: every second one of the pattern's tenant, the others of all tenants alike. */
  fill(keys: number, jobs: number): Promise<void>;
}

/** The key of the record that is copied. */
export const PATTERN = 'pattern';
const STEP = 1_000_000;
/** Odd, so that no two numbers below 2^32 come to the same, and neighbours lie far apart. */
const SPREAD = 2_654_435_761;

/** Every column of the pattern, but for its key and tenant. */
const copied = (columns: readonly string[], key: string, tenants: number): string =>
  columns
    .map((column) => {
      if (column === 'key') return key;
      if (column === 'tenant')
        return `CASE WHEN n.i % 2 = 0 THEN p.tenant ELSE 1 + n.i / 2 % ${String(tenants)} END`;
      return `p.${column}`;
    })
    .join(', ');

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
    fill: (keys, jobs) =>
      using((db) => {
        const names = db
          .prepare("SELECT name FROM pragma_table_info('claims')")
          .all()
          .map(({ name }) => String(name));
        const { tenants } = db.prepare('SELECT max(id) AS tenants FROM tenants').get() as { tenants: number };
        const key = `printf('job-%d:%08x', n.i / 2 % ${String(jobs)}, n.i * ${String(SPREAD)} % ${String(2 ** 32)})`;
        // Keys that lie far apart: with all pages at hand, none is read again.
        db.exec('PRAGMA cache_size = -3000000; PRAGMA synchronous = OFF');
        for (const [from, to] of steps(keys))
          db.exec(`WITH RECURSIVE n(i) AS (SELECT ${String(from)} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${String(to)})
            INSERT INTO claims (${names.join(', ')}) SELECT ${copied(names, key, tenants)} FROM n, claims p WHERE p.key = '${PATTERN}' ORDER BY 1, 2`);
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }),
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
  return {
    name: 'Postgres',
    url,
    fill: (keys, jobs) =>
      using(async (db) => {
        const columns = await db.query<{ name: string }>(
          "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'onceonly' AND table_name = 'claims' ORDER BY ordinal_position",
        );
        const names = columns.rows.map(({ name }) => name);
        const { rows } = await db.query<{ tenants: number }>('SELECT max(id) AS tenants FROM tenants');
        const key = `'job-' || n.i / 2 % ${String(jobs)} || ':' || lpad(to_hex(n.i * ${String(SPREAD)} % ${String(2 ** 32)}), 8, '0')`;
        for (const [from, to] of steps(keys))
          await db.query(`INSERT INTO claims (${names.join(', ')}) SELECT ${copied(names, key, rows[0]?.tenants ?? 1)}
            FROM generate_series(${String(from)}::bigint, ${String(to - 1)}::bigint) AS n(i), claims p WHERE p.key = '${PATTERN}' ORDER BY 1, 2`);
        await db.query('VACUUM ANALYZE claims');
        await db.query('CHECKPOINT');
      }),
  };
}
