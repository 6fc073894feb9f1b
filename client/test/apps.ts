import { serve, type ServerType } from '@hono/node-server';
import express from 'express';
import { Hono, type Context } from 'hono';
import { once as event } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attemptOf, idempotencyKey as express_, type IdempotencyKeyOptions } from '../src/express.ts';
import type { Attempt, Once } from '../src/index.ts';
import { attemptOf as attemptOfWeb, idempotencyKey as web } from '../src/web.ts';

/** What an API of a test does with a request, whatever it runs on. */
export type Reply = (
  body: Uint8Array,
  attempt: Attempt | undefined,
  path: string,
) => Promise<Answered> | Answered;

export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface App {
  readonly url: string;
  close(): Promise<void>;
}

/** Without `scope`: the header `x-user`. */
export type Options = Partial<Omit<IdempotencyKeyOptions<never>, 'scope' | 'fingerprint'>> & {
  readonly fingerprint?: () => unknown;
};
export type StartApp = (once: Once, reply: Reply, options?: Options) => Promise<App>;

export const onExpress: StartApp = async (once, reply, options = {}) => {
  const app = express();
  app.use(express.raw({ type: () => true }));
  app.use(
    express_<express.Request>(once, { scope: (request) => request.get('x-user') ?? 'nobody', ...options }),
  );
  app.use(async (request, response) => {
    const body: unknown = request.body;
    const bytes = body instanceof Uint8Array ? body : new Uint8Array();
    const {
      status = 200,
      headers = {},
      body: made = '',
    } = await reply(bytes, attemptOf(request), request.path);
    response.status(status).set(headers);
    if (typeof made === 'string') response.send(made);
    else response.end(made);
  });
  // What a handler throws is answered as any other; a page with the stack would say more than a test wants.
  app.use(
    (error: unknown, _request: express.Request, response: express.Response, next: express.NextFunction) => {
      if (response.headersSent) next(error);
      else response.status(500).send('It broke.');
    },
  );
  return listening(createServer((request, response) => void app(request, response)));
};

export const onHono: StartApp = (once, reply, options = {}) => {
  const app = new Hono();
  const charge = web(
    once,
    async (request, context: Context) =>
      responseOf(
        await reply(new Uint8Array(await request.arrayBuffer()), attemptOfWeb(request), context.req.path),
      ),
    { scope: (request) => request.headers.get('x-user') ?? 'nobody', ...options },
  );
  app.all('*', (context) => charge(context.req.raw, context));
  app.onError(() => new Response('It broke.', { status: 500 }));
  return served(app.fetch);
};

export const onFetch: StartApp = (once, reply, options = {}) => {
  const handler = web(
    once,
    async (request) =>
      responseOf(
        await reply(
          new Uint8Array(await request.arrayBuffer()),
          attemptOfWeb(request),
          new URL(request.url).pathname,
        ),
      ),
    { scope: (request) => request.headers.get('x-user') ?? 'nobody', ...options },
  );
  return served((request) => handler(request).catch(() => new Response('It broke.', { status: 500 })));
};

const responseOf = ({ status = 200, headers = {}, body = '' }: Answered): Response =>
  new Response(status === 204 ? null : body, { status, headers });

async function served(fetch: (request: Request) => Response | Promise<Response>): Promise<App> {
  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch, port: 0, hostname: '127.0.0.1' }, () => {
      resolve(started);
    });
  });
  return appOf(server as Server);
}

export async function listening(server: Server): Promise<App> {
  await event(server.listen(0, '127.0.0.1'), 'listening');
  return appOf(server);
}

const appOf = (server: Server): App => ({
  url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
  async close() {
    server.closeAllConnections();
    server.close();
    await event(server, 'close');
  },
});
