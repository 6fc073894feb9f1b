import pg from 'pg';

/** Prepared under its name, once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

export type Result = pg.QueryResult<pg.QueryResultRow>;

/** What a client of `pg` has and calls, beside what its types tell. */
interface Told {
  readonly name: string;
  readonly text: string;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: pg.Connection): void;
  handleReadyForQuery(wire: pg.Connection): void;
}
type Wire = pg.Connection & { readonly submittedNamedStatements: Record<string, string> };

/**
 * Sends several statements in one piece, which the database answers in one piece: one by one, each would cost both sides
 * a packet. For the client they are one query; each has a query of its own that reads its answer. After one that fails
 * the database passes over the rest, as does this.
 */
export function pipeline(client: pg.Client, statements: readonly Statement[]): Promise<readonly Result[]> {
  return new Promise((resolve, reject) => {
    const results: Result[] = [];
    const queries = statements.map((statement) => {
      const query = new pg.Query({ ...statement, types: client }, (error, result) => {
        if (error) reject(error);
        else results.push(result);
      });
      return query as typeof query & Told;
    });
    let answered = 0;
    const now = (): Told => queries[answered] as Told;
    client.query({
      // By these two the client knows what is prepared.
      get name() {
        return queries[answered]?.name;
      },
      get text() {
        return queries[answered]?.text;
      },
      submit(connection: pg.Connection) {
        const unended = Object.create(connection, { sync: { value: () => undefined } }) as pg.Connection;
        connection.stream.cork();
        for (const query of queries) query.submit(unended);
        connection.sync();
        connection.stream.uncork();
      },
      handleRowDescription(message: unknown) {
        now().handleRowDescription(message);
      },
      handleDataRow(message: unknown) {
        now().handleDataRow(message);
      },
      handleCommandComplete(message: unknown, wire: pg.Connection) {
        now().handleCommandComplete(message, wire);
        answered += 1;
      },
      handleReadyForQuery(wire: pg.Connection) {
        for (const query of queries) query.handleReadyForQuery(wire);
        this.callback(null);
      },
      handleError(error: Error, wire: Wire) {
        // The connection was lost a moment after all was done.
        if (answered === queries.length) {
          this.handleReadyForQuery(wire);
          return;
        }
        // Those that were passed over are not prepared.
        for (const { name } of queries.slice(answered)) {
          Reflect.deleteProperty(wire.submittedNamedStatements, name);
        }
        this.callback(error);
      },
      callback(error: Error | null) {
        if (error) reject(error);
        else resolve(results);
      },
    });
  });
}
