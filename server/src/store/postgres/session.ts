import pg from 'pg';
import { StoreUnavailable } from '../../claims/store.ts';

/** One transaction; what it sends is done in order, without waiting for the answers in between. */
export interface Tx {
  /** Sends a statement; its rows. Those that are sent often are prepared, once a connection. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Sends a statement whose rows nobody needs; where it fails, the transaction does. */
  send(sql: string, values?: readonly unknown[]): void;
}

/** A connection, made when it is needed and made again after it was lost. Transactions wait for each other. */
export interface Session {
  /**
   * Resolves after the commit. Where anything fails, nothing is committed, or it is not known whether it is.
   * @throws {StoreUnavailable} where the database cannot be reached or gives no answer in time.
   * @throws {pg.DatabaseError} where it refuses a statement.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Within this a database that hangs is given up, and the connection with it. */
export const ANSWER_MS = 5_000;
const CONNECT_MS = 3_000;
/** The server gives up first, so that it says why. */
const STATEMENT_MS = 4_000;
const LOCK_MS = 3_000;

/** Keys are looked up one by one in their index, however little the planner knows of a table that is new. */
const SETTINGS = `SET search_path = onceonly, pg_temp; SET jit = off;
  SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off`;

const INT8 = 20;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown),
} as pg.CustomTypesConfig;

export function openSession(url: string): Session {
  let client: pg.Client | undefined;

  async function connect(): Promise<pg.Client> {
    const made = new pg.Client({
      connectionString: url,
      application_name: 'onceonly-server',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      // A server that was frozen in the middle must not keep its keys locked.
      idle_in_transaction_session_timeout: ANSWER_MS,
      keepAlive: true,
      pipeline: true,
      types,
    });
    // Whoever waits for an answer is told by it; the next transaction connects again.
    made.on('error', () => {
      drop(made);
    });
    made.on('end', () => {
      drop(made);
    });
    await made.connect();
    await made.query(SETTINGS);
    return made;
  }

  function drop(lost: pg.Client): void {
    if (client === lost) client = undefined;
    lost.end().catch(() => undefined);
  }

  async function open(): Promise<pg.Client> {
    try {
      return (client ??= await connect());
    } catch (error) {
      throw new StoreUnavailable(`The database cannot be reached: ${messageOf(error)}`);
    }
  }

  async function transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const connection = await open();
    const { tx, end } = begin(connection);
    try {
      const answer = await work(tx);
      await end('COMMIT');
      return answer;
    } catch (error) {
      const reason = await end('ROLLBACK').then(
        () => error,
        (first: unknown) => first,
      );
      if (reason instanceof pg.DatabaseError) throw reason;
      if (error instanceof StoreUnavailable || client === connection) throw error;
      throw new StoreUnavailable(`The database gave no answer: ${messageOf(reason)}`);
    }
  }

  let turn: Promise<unknown> = Promise.resolve();
  return {
    transaction(work) {
      const mine = turn.then(() => transact(work));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      const last = client;
      client = undefined;
      await last?.end();
    },
  };

  function begin(connection: pg.Client) {
    const sent: Promise<unknown>[] = [];
    const query = async <Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]> => {
      const named = values === undefined ? {} : { name: nameOf(sql), values: [...values] };
      const asked = connection.query<Row & pg.QueryResultRow>({ text: sql, ...named });
      sent.push(asked);
      asked.catch((error: unknown) => {
        // Without a word of the database, the connection is lost or stuck.
        if (!(error instanceof pg.DatabaseError)) drop(connection);
      });
      return (await asked).rows;
    };
    const send = (sql: string, values?: readonly unknown[]): void => {
      query(sql, values).catch(() => undefined);
    };
    send('BEGIN');

    /** Rejects with the first failure of all that was sent, which says why the later ones failed. */
    async function end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
      if (client !== connection) throw new Error('the connection was lost');
      const ended = connection.query(how);
      for (const each of await Promise.allSettled([...sent, ended])) {
        if (each.status === 'rejected') {
          if (!(each.reason instanceof pg.DatabaseError)) drop(connection);
          throw each.reason;
        }
      }
      if (how === 'COMMIT' && (await ended).command !== how) throw new Error('the transaction was undone');
    }
    return { tx: { query, send } satisfies Tx, end };
  }
}

const names = new Map<string, string>();

/** Statements are constants, so that there are few. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? `s${names.size}`;
  names.set(sql, name);
  return name;
}

/** Where every address was tried, the message of each. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
