import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { messageOf } from '../../error-message.ts';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MESSAGE_BYTES, readJsonBody } from './json-body.ts';

/** Where clients connect over HTTP. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** The bearer token that clients must send; null lets everybody on this machine connect. */
  readonly token: string | null;
  readonly onListening: (url: string) => void;
  readonly patience?: Patience;
}

/** How long a session without an open request is kept. Clients hardly ever say that they leave. */
interface Patience {
  /** For a client that had a stream open for messages of the server, and has closed it. */
  readonly goneMs: number;
  /** For a client that never had one. */
  readonly quietMs: number;
}

const PATIENCE: Patience = { goneMs: 5 * 60_000, quietMs: 60 * 60_000 };

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly ended: Promise<void>;
  requests: number;
  hadStream: boolean;
  ending?: NodeJS.Timeout;
}

/** The query parameter with which a client names its own scope: `/mcp?scope=task-7`. */
const SCOPE = 'scope';

/** Serves streamable HTTP at any path until `stop` is aborted. Each client that initializes gets a session. */
export async function listen(
  { host, port, token, onListening, patience = PATIENCE }: Listening,
  serve: (transport: Transport, scope?: string) => Promise<void>,
  { stop, log }: { readonly stop: AbortSignal; readonly log: (line: string) => void },
): Promise<void> {
  const sessions = new Map<string, Session>();
  const server = createServer((request, response) => {
    if (token !== null && !isToken(request, token)) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    // Without a token, requests of browsers are refused: any web page could send requests to a local port.
    if (token === null && request.headers.origin !== undefined) {
      response.writeHead(403).end();
      return;
    }
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') {
      void begin(request, response);
      return;
    }
    const session = sessions.get(id);
    // By the protocol, 404 tells the client to start a new session.
    if (session === undefined) response.writeHead(404).end();
    else handle(session, request, response);
  });

  /** Only a client that initializes gets a session, since each one needs a connection to the guarded server, or a process. */
  async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = request.method === 'POST' ? await readJsonBody(request) : undefined;
    if (read === 'too large') {
      const why = `A message may have at most ${String(MESSAGE_BYTES)} bytes.`;
      response.writeHead(413, { 'content-type': 'text/plain; charset=utf-8' }).end(why);
      return;
    }
    const body = read?.json;
    const scope = new URLSearchParams(request.url?.split('?', 2)[1]).get(SCOPE);
    // A template that found no value must not put all tasks into one scope.
    const isNamed = scope === null || !['', 'undefined', 'null'].includes(scope.trim());
    if (!isInitializeRequest(body) || !isNamed) {
      const why = isNamed ? 'A session begins with “initialize”.' : `“${SCOPE}” in the address is empty.`;
      response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(why);
      return;
    }
    const id = randomUUID();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessioninitialized: () => {
        sessions.set(id, session);
      },
    });
    const ended = serve(transport, scope ?? undefined)
      .catch((error: unknown) => {
        log(messageOf(error));
      })
      .finally(() => sessions.delete(id));
    const session: Session = { transport, ended, requests: 0, hadStream: false };
    handle(session, request, response, body);
  }

  function handle(
    session: Session,
    request: IncomingMessage,
    response: ServerResponse,
    body?: unknown,
  ): void {
    clearTimeout(session.ending);
    session.requests += 1;
    session.hadStream ||= request.method === 'GET';
    response.once('close', () => {
      session.requests -= 1;
      if (session.requests > 0) return;
      const { goneMs, quietMs } = patience;
      session.ending = setTimeout(
        () => {
          void session.transport.close();
        },
        session.hadStream ? goneMs : quietMs,
      ).unref();
    });
    void session.transport.handleRequest(request, response, body);
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
