import pg from 'pg';
import { Socket } from 'node:net';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { messageOf } from '../../error-message.ts';
import type { Reply } from '../shared/requests.ts';

/** One transaction. Statements must be constants, because each is prepared once on a connection. */
export interface Tx {
  /** Sends a statement, after those that are waiting to be sent, and returns its rows. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /**
   * Adds a statement without waiting for it. It is sent with the next query, or with the commit. If it fails, the transaction fails;
   * otherwise `then` gets its rows.
   */
  send(sql: string, values?: readonly unknown[], then?: (rows: readonly never[]) => void): void;
  /** Runs several statements in one text, without preparing them. */
  script(sql: string): Promise<void>;
  /** Registers a function that is called if it is certain that the transaction was not committed. */
  onUndone(then: () => void): void;
  /** Registers a function that is called when the transaction has ended, whatever is known of it. */
  onEnded(then: () => void): void;
}

/** A connection that is opened when it is needed, and again after it was lost. Transactions run one after the other. */
export interface Connection {
  /**
   * Resolves after the commit. If anything fails, nothing was committed, or it is not known whether it was.
   * @throws {StoreUnavailable} if the database cannot be reached or does not answer in time.
   * @throws {pg.DatabaseError} if it refuses a statement.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** If the database does not answer within this time, the connection is given up. */
const ANSWER_MS = 5_000;
const CONNECT_MS = 3_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** Makes the planner use indexes even if it has no statistics yet, as for a new table. */
const SETTINGS = `SET search_path = onceonly, pg_temp; SET jit = off;
  SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off`;

/** A statement that is prepared under its name, once on a connection. */
interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** A client and its socket. If the database does not answer, only destroying the socket ends the connection. */
interface Opened {
  readonly client: pg.Client;
  readonly socket: Socket;
}

/** `answerMs`: how long to wait for an answer. */
export function openConnection(url: string, answerMs = ANSWER_MS): Connection {
  let current: Opened | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<Opened> {
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      application_name: 'onceonly-server',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: answerMs,
      // The database gives up first, so that its error says why.
      statement_timeout: answerMs - 1_000,
      lock_timeout: answerMs - 2_000,
      // If this process is suspended in a transaction, its keys must not stay locked.
      idle_in_transaction_session_timeout: answerMs,
      keepAlive: true,
      stream: () => socket,
      // Several statements are sent at once, and each has its own answer.
      pipeline: true,
    });
    // They are instants and counters, which are far below the largest safe integer.
    client.setTypeParser(pg.types.builtins.INT8, Number);
    const made = { client, socket };
    // Waiting queries are rejected by the client itself, and the next transaction connects again.
    client.on('error', () => {
      drop(made);
    });
    client.on('end', () => {
      drop(made);
    });
    try {
      await client.connect();
      await client.query(SETTINGS);
      return made;
    } catch (error) {
      drop(made);
      throw error;
    }
  }

  function drop(lost: Opened): void {
    if (current === lost) current = undefined;
    lost.socket.destroy();
  }

  async function open(): Promise<Opened> {
    try {
      return (current ??= await connect());
    } catch (error) {
      throw new StoreUnavailable(`The database cannot be reached: ${messageOf(error)}`);
    }
  }

  async function transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const connection = await open();
    const { tx, end, undo, ended } = begin(connection);
    try {
      const answer = await work(tx);
      await end('COMMIT');
      return answer;
    } catch (error) {
      if (current === connection) await end('ROLLBACK').catch(() => undefined);
      const isKnown = error instanceof pg.DatabaseError || current === connection;
      if (isKnown) undo();
      if (error instanceof StoreUnavailable || isKnown) throw error;
      throw new StoreUnavailable(`The database gave no answer: ${messageOf(error)}`);
    } finally {
      ended();
    }
  }

  function begin(connection: Opened) {
    let waiting: (Statement & { readonly then: ((rows: never[]) => void) | undefined })[] = [];
    const undoing: (() => void)[] = [];
    const ending: (() => void)[] = [];

    async function flush(): Promise<pg.QueryResult | undefined> {
      const sent = waiting;
      waiting = [];
      // If BEGIN were refused, statements sent with it would be committed on their own. So only reads are sent with it.
      const alone = sent[0]?.text === 'BEGIN' && sent.slice(1).some(({ text }) => !text.startsWith('SELECT'));
      if (alone) await answered(connection, sendAll(connection, sent.slice(0, 1)));
      const rest = alone ? sent.slice(1) : sent;
      const results = await answered(connection, sendAll(connection, rest));
      rest.forEach(({ then }, index) => then?.(results[index]?.rows as never[]));
      return results.at(-1);
    }

    const tx: Tx = {
      async query<Row>(sql: string, values?: readonly unknown[]) {
        tx.send(sql, values);
        return ((await flush())?.rows ?? []) as unknown[] as readonly Row[];
      },
      send(sql, values = [], then) {
        waiting.push({ name: nameOf(sql), text: sql, values: [...values], then });
      },
      async script(sql) {
        await flush();
        await answered(connection, connection.client.query(sql));
      },
      onUndone: (then) => void undoing.push(then),
      onEnded: (then) => void ending.push(then),
    };
    tx.send('BEGIN');

    async function end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
      if (how === 'ROLLBACK') waiting = [];
      tx.send(how);
      const ended = await flush();
      if (ended?.command !== how) throw new Error('the transaction was undone');
    }

    return {
      tx,
      end,
      undo: (): void => {
        for (const then of undoing) then();
      },
      ended: (): void => {
        for (const then of ending) then();
      },
    };
  }

  async function answered<T>(connection: Opened, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      // If the error is not from the database, the connection is lost or hangs.
      if (!(error instanceof pg.DatabaseError)) drop(connection);
      throw error;
    }
  }

  return {
    transaction(work) {
      const mine = turn.then(() => transact(work));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      const last = current;
      if (last === undefined) return;
      current = undefined;
      const timer = setTimeout(() => last.socket.destroy(), CLOSE_TIMEOUT_MS);
      // Otherwise the next leader would have to wait until the database notices that this connection is gone.
      await last.client.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      await last.client.end();
      clearTimeout(timer);
    },
  };
}

/** Sends statements in one packet. Throws the first failure after all are answered. */
async function sendAll(
  { client, socket }: Opened,
  statements: readonly Statement[],
): Promise<readonly pg.QueryResult[]> {
  socket.cork();
  const answers = statements.map(({ name, text, values }) => client.query({ name, text, values }));
  socket.uncork();
  await Promise.allSettled(answers);
  return Promise.all(answers);
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  const name = names.get(sql) ?? `s${names.size}`;
  names.set(sql, name);
  return name;
}

/** Another server inserted the same row meanwhile, or this transaction was aborted because of a deadlock or a conflict. */
const OVERTAKEN: ReadonlySet<string | undefined> = new Set(['23505', '40P01', '40001']);
const ATTEMPTS = 10;

/** Runs the work again after a conflict with another server, whose transaction has ended by then. */
export async function attempt<T>(work: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (attempts <= 1 || !(error instanceof pg.DatabaseError) || !OVERTAKEN.has(error.code)) throw error;
    return attempt(work, attempts - 1);
  }
}

/** Whether a request itself caused the error (invalid data, a violated constraint), and not the state of the database. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(22|23)/.test(error.code ?? '');
  return !(error instanceof StoreUnavailable);
}

export function unavailable(error: unknown): Reply {
  return { unavailable: messageOf(error) };
}
