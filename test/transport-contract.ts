import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRequest, Transport } from '@onceonly/shared';

interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Respond = (response: ServerResponse, received: Received) => void;

const REQUEST: HttpRequest = {
  method: 'POST',
  path: '/v1/ai/lease',
  headers: {},
  body: { key: 'k' },
  timeoutMs: 5_000,
};

/** What every transport promises, over real HTTP. `open` gets the base URL and the API key. */
export function transportContract(name: string, open: (baseUrl: string, apiKey: string) => Transport): void {
  describe(`transport: ${name}`, () => {
    let server: Server;
    let transport: Transport;
    let received: Received[];
    let respond: Respond;

    beforeEach(async () => {
      received = [];
      respond = (response) => response.end('{}');
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const url = new URL(request.url ?? '', 'http://localhost');
          const body = Buffer.concat(chunks).toString('utf8');
          const one = { method: request.method ?? '', url, headers: request.headers, body };
          received.push(one);
          respond(response, one);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      transport = open(
        `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
        'once_live_secret',
      );
    });

    afterEach(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    test.each([200, 201, 204, 400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504])(
      'resolves for status %i',
      async (status) => {
        respond = (response) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end('{"detail":"x"}');
        const response = await transport(REQUEST);
        expect(response.status).toBe(status);
        if (status !== 204) expect(response.body).toEqual({ detail: 'x' });
      },
    );

    test('sends method, path, JSON body, headers and the API key', async () => {
      await transport({ ...REQUEST, headers: { 'x-onceonly-outcomes': '200' } });
      expect(received).toHaveLength(1);
      const [one] = received;
      expect(one).toMatchObject({ method: 'POST', body: '{"key":"k"}' });
      expect(one?.url.pathname).toBe('/v1/ai/lease');
      expect(one?.headers).toMatchObject({
        authorization: 'Bearer once_live_secret',
        'x-onceonly-outcomes': '200',
        'content-type': expect.stringContaining('application/json') as string,
      });
    });

    test('encodes a query so that any key arrives as it was', async () => {
      const key = 'job:Grüße & 100% = a/b?c#d+e {{bundle.inputData.x}} 🎈';
      await transport({
        method: 'GET',
        path: '/v1/ai/status',
        query: { key },
        headers: {},
        timeoutMs: 5_000,
      });
      expect(received[0]?.url.searchParams.get('key')).toBe(key);
      expect(received[0]?.body).toBe('');
    });

    test('carries any text in a body as it was', async () => {
      const key = 'job:Grüße "quoted" \\ \n\t {{bundle.inputData.x}} {{key}} 🎈';
      await transport({ ...REQUEST, body: { key, result: { nul: '\u0000', big: 1e21 } } });
      expect(JSON.parse(received[0]?.body ?? '')).toEqual({ key, result: { nul: '\u0000', big: 1e21 } });
    });

    test('gives headers with names in lower case', async () => {
      respond = (response) => response.writeHead(429, { 'Retry-After': '7', 'X-Request-Id': 'r1' }).end('{}');
      expect((await transport(REQUEST)).headers).toMatchObject({ 'retry-after': '7', 'x-request-id': 'r1' });
    });

    test('gives undefined for an empty body', async () => {
      respond = (response) => response.writeHead(200).end();
      expect((await transport(REQUEST)).body).toBeUndefined();
    });

    test.each([200, 502])('gives HTML in a %i as text', async (status) => {
      respond = (response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      expect(await transport(REQUEST)).toMatchObject({ status, body: '<h1>Bad gateway</h1>' });
    });

    test('follows no redirect', async () => {
      respond = (response, { url }) =>
        url.pathname === '/elsewhere'
          ? response.end('{}')
          : response.writeHead(302, { location: '/elsewhere' }).end();
      const status = await transport(REQUEST).then(
        (response) => response.status,
        () => 'rejected',
      );
      expect(received).toHaveLength(1);
      expect([302, 'rejected']).toContain(status);
    });

    test('rejects where nobody listens', async () => {
      await new Promise((resolve) => server.close(resolve));
      await expect(transport(REQUEST)).rejects.toThrow();
    });

    test('rejects where the connection is cut before the answer', async () => {
      respond = (response) => response.destroy();
      await expect(transport(REQUEST)).rejects.toThrow();
    });

    test('rejects where the answer is cut in the middle', async () => {
      respond = (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"status":"acquired"', () => response.destroy());
      };
      await expect(transport(REQUEST)).rejects.toThrow();
    });

    test('rejects after timeoutMs without an answer', async () => {
      respond = () => undefined;
      await expect(transport({ ...REQUEST, timeoutMs: 100 })).rejects.toThrow();
    });

    test('rejects after timeoutMs while the answer only trickles', async () => {
      respond = (response) => {
        response.writeHead(200);
        const trickle = setInterval(() => response.write(' '), 20);
        response.on('close', () => {
          clearInterval(trickle);
        });
      };
      await expect(transport({ ...REQUEST, timeoutMs: 200 })).rejects.toThrow();
    });

    test('never tells the API key in an error', async () => {
      respond = (response) => response.destroy();
      const error: unknown = await transport(REQUEST).catch((reason: unknown) => reason);
      // `fetch` throws errors of Node's own realm, which is not that of the tests.
      expect(error).toHaveProperty('message', expect.any(String));
      expect(String(error)).not.toContain('once_live_secret');
    });
  });
}
