import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the automations do their work: a local HTTP service that writes down each record it is sent. */
export interface Sink {
  readonly url: string;
  /** How often each record was written. */
  readonly records: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function openSink(): Promise<Sink> {
  const records = new Map<string, number>();
  const server = createServer((request, response) => {
    const id = request.headers['x-github-delivery'];
    request.resume().on('end', () => {
      if (typeof id === 'string') records.set(id, (records.get(id) ?? 0) + 1);
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ record: id }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/records`,
    records,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
