import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Where a workflow does its work: an HTTP service that counts what it was asked to do. */
export interface Receiver {
  readonly url: string;
  /** How often the work of an id was done, that is, answered with success. */
  done(id: string): number;
  /** How often it was asked for. */
  asked(id: string): number;
  /** Every id whose work was done, once for each time. */
  readonly all: readonly string[];
  /** From now on, says with which status the work of an id is answered. A promise lets the workflow wait. */
  behave(status: (id: string, nth: number) => number | Promise<number>): void;
  close(): Promise<void>;
}

/** Takes `POST {id}`, and answers `{receipt}`: with 200 at once, until told to behave otherwise. */
export async function openReceiver(): Promise<Receiver> {
  const asked: string[] = [];
  const done: string[] = [];
  const count = (list: readonly string[], id: string): number => list.filter((each) => each === id).length;
  let statusOf: (id: string, nth: number) => number | Promise<number> = () => 200;
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const id = String((JSON.parse(body) as { id: unknown }).id);
      asked.push(id);
      const status = await statusOf(id, count(asked, id));
      if (status < 300) done.push(id);
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ receipt: `receipt of ${id}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/work`,
    done: (id) => count(done, id),
    asked: (id) => count(asked, id),
    all: done,
    behave: (status) => {
      statusOf = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
