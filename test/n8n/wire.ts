import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type WireState = 'whole' | 'loses answers' | 'cut';

/** Between n8n and our server. */
export interface Wire {
  readonly baseUrl: string;
  /** The path of each request so far. */
  readonly requests: readonly string[];
  /**
   * How the next requests fare: they pass; they arrive and their answers are lost; or they do not arrive. A function is
   * asked anew for each.
   */
  become(state: WireState | (() => WireState)): void;
  close(): Promise<void>;
}

export async function openWire(target: string): Promise<Wire> {
  const requests: string[] = [];
  let stateOf = (): WireState => 'whole';
  const server = createServer((request, response) => {
    // Who hangs up is not waited for any longer, as it is without a wire.
    const hungUp = new AbortController();
    response.once('close', () => {
      hungUp.abort();
    });
    void (async () => {
      const { method = 'GET', url = '/', headers } = request;
      requests.push(url);
      const state = stateOf();
      if (state === 'cut') throw new Error('cut');
      const sent = await buffer(request);
      const answer = await fetch(target + url, {
        method,
        signal: hungUp.signal,
        headers: Object.fromEntries(
          Object.entries(headers).filter(
            (each): each is [string, string] =>
              typeof each[1] === 'string' && !['host', 'connection', 'content-length'].includes(each[0]),
          ),
        ),
        ...(sent.length > 0 ? { body: new Uint8Array(sent) } : {}),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      if (state === 'loses answers') throw new Error('lost');
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
    })().catch(() => {
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    become: (state) => {
      stateOf = typeof state === 'function' ? state : () => state;
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
