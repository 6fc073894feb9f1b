import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly type: string;
  readonly key: string;
  /** The status of the answer; undefined if there was none. */
  status?: number;
}

/** Returns the status for a delivery. If it returns undefined, the function answers itself, or never. */
export type Answering = (received: Received, response: ServerResponse) => number | undefined;

/** A real receiver of deliveries on a free port. */
export interface Receiver {
  readonly url: string;
  /** All deliveries, whatever was answered. */
  readonly received: readonly Received[];
  /** Sets the answers from now on. At first, each is 204. */
  answer(answering: Answering): void;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  // A port is used again soon: what another test still sends to it is none of ours.
  const path = `/${randomUUID()}`;
  const received: Received[] = [];
  let answering: Answering = () => 204;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (request.url !== path) {
        response.writeHead(404).end();
        return;
      }
      const { type, data } = JSON.parse(text) as { type: string; data: { key: string } };
      const one: Received = { headers: request.headers, text, type, key: data.key };
      received.push(one);
      const status = answering(one, response);
      if (status === undefined) return;
      one.status = status;
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`,
    received,
    answer: (next) => void (answering = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const LOOK_EVERY_MS = 10;

/**
 * Waits until the condition holds, and throws after as many looks as fit into `limitMs`. It counts the looks: a machine
 * that stands still, or is slow to look, takes nothing from the time.
 */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  for (let looks = limitMs / LOOK_EVERY_MS; !(await condition()); looks -= 1) {
    if (looks <= 0) throw new Error(`not so within ${String(limitMs)} ms: ${String(condition)}`);
    await pause(LOOK_EVERY_MS);
  }
}
