import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where clients connect over HTTP. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** What a client must send as its bearer token; null: everybody on this machine may. */
  readonly token: string | null;
  readonly onListening: (url: string) => void;
}

/** Serves the protocol's streamable HTTP at any path, a session for each client that initializes, until `stop` is aborted. */
export async function listen(
  { host, port, token, onListening }: Listening,
  serve: (transport: Transport, session: string) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const sessions = new Map<
    string,
    { readonly transport: StreamableHTTPServerTransport; readonly ended: Promise<void> }
  >();
  const server = createServer((request, response) => {
    if (token !== null && !isToken(request, token)) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    // A page in a browser on this machine could send requests to a port of it.
    if (token === null && request.headers.origin !== undefined) {
      response.writeHead(403).end();
      return;
    }
    const session = request.headers['mcp-session-id'];
    const known = typeof session === 'string' ? sessions.get(session)?.transport : undefined;
    if (typeof session === 'string' && known === undefined) {
      // The protocol's way to say that a client has to begin anew.
      response.writeHead(404).end();
      return;
    }
    void (known ?? begin()).handleRequest(request, response);
  });

  function begin(): StreamableHTTPServerTransport {
    const id = randomUUID();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessioninitialized: () => {
        sessions.set(id, { transport, ended });
      },
    });
    const ended = serve(transport, id).finally(() => sessions.delete(id));
    return transport;
  }

  server.listen(port, host);
  await once(server, 'listening');
  onListening(
    `http://${host.includes(':') ? `[${host}]` : host}:${String((server.address() as AddressInfo).port)}/mcp`,
  );
  if (!stop.aborted) await once(stop, 'abort');
  await Promise.all(
    [...sessions.values()].map(async ({ transport, ended }) => {
      await transport.close();
      await ended;
    }),
  );
  server.closeAllConnections();
  server.close();
}

function isToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
