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
  readonly limits?: SessionLimits;
}

interface SessionLimits {
  /** The most sessions at the same time. Each needs a connection to the guarded server, or a process. */
  readonly sessions: number;
  /**
   * How long a session without an open request is kept, if its client had a stream open for messages of the server and has closed
   * it. After this time, any idle session is ended where another client needs its place. Few clients say that they leave.
   */
  readonly shortIdleMs: number;
  /** How long a session without an open request is kept if its client never had a stream open. */
  readonly longIdleMs: number;
}

const LIMITS: SessionLimits = { sessions: 100, shortIdleMs: 5 * 60_000, longIdleMs: 60 * 60_000 };

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly ended: Promise<void>;
  requests: number;
  /** When its last request ended, on the clock `performance.now()`. */
  idleSince: number;
  hadStream: boolean;
  ending?: NodeJS.Timeout;
}

/** The query parameter with which a client names its own scope: `/mcp?scope=task-7`. */
const SCOPE = 'scope';

/** Serves streamable HTTP at any path until `stop` is aborted. Each client that initializes gets a session. */
export async function listen(
  { host, port, token, onListening, limits = LIMITS }: Listening,
  serve: (transport: Transport, scope?: string) => Promise<void>,
  { stop, log }: { readonly stop: AbortSignal; readonly log: (line: string) => void },
): Promise<void> {
  const sessions = new Map<string, Session>();
  /** How many sessions have begun and not ended. */
  let open = 0;
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

  /** Ends the session that has been idle for longest, unless it may still be needed. Returns whether it did. */
  function makeRoom(): boolean {
    const idle = [...sessions.values()].filter(({ requests }) => requests === 0);
    const [longest] = idle.sort((one, other) => one.idleSince - other.idleSince);
    if (longest === undefined || performance.now() - longest.idleSince < limits.shortIdleMs) return false;
    void longest.transport.close();
    return true;
  }

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
    if (open >= limits.sessions && !makeRoom()) {
      const why = `The guard has ${String(limits.sessions)} sessions, and takes no more until one of them ends.`;
      response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '60' }).end(why);
      log(why);
      return;
    }
    open += 1;
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
      .finally(() => {
        open -= 1;
        sessions.delete(id);
      });
    const session: Session = { transport, ended, requests: 0, idleSince: 0, hadStream: false };
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
      session.idleSince = performance.now();
      session.ending = setTimeout(
        () => {
          void session.transport.close();
        },
        session.hadStream ? limits.shortIdleMs : limits.longIdleMs,
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
