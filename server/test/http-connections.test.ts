import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { serve, type TestServer } from './support.ts';

const LARGE = 'x'.repeat(8 * 1024 * 1024);

interface Case {
  readonly path?: string;
  readonly type?: string;
  readonly apiKey?: string;
  readonly body: string;
  readonly status: number;
}

const CASES: readonly (readonly [string, Case])[] = [
  ['no JSON', { body: '{"key":', status: 422 }],
  ['another type', { body: 'key=k', type: 'text/plain', status: 415 }],
  ['a body that is too large', { body: LARGE, status: 413 }],
  ['a large body of another type', { body: LARGE, type: 'text/plain', status: 415 }],
  ['a large body with a wrong key', { body: LARGE, apiKey: 'oo_wrong', status: 403 }],
  ['a large body for no route', { body: LARGE, path: '/nowhere', status: 413 }],
  ['nothing wrong', { body: '{"key":"k"}', status: 200 }],
];

describe.each([
  ['HTTP/1.1', 'Connection: close\r\n'],
  ['HTTP/1.0', ''],
])('a client of %s that sends one request', (version, header) => {
  test.each(CASES)('reads the whole answer to %s, and the connection is closed', async (_, of) => {
    const server = await serve();
    const answer = await exchange(server, `${version}\r\n${header}`, of);
    expect(answer.head).toMatch(new RegExp(`^HTTP/1\\.1 ${of.status} `));
    expect(answer.head).toMatch(/\r\nconnection: close\r\n/i);
    expect(Buffer.byteLength(answer.body)).toBe(Number(/content-length: (\d+)/i.exec(answer.head)?.[1]));
  });
});

test('a connection that is to stay open does, also after a body that was refused', async () => {
  const server = await serve();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<Socket>();
  const send = (body: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' };
      const sent = request(`${server.url}/v1/ai/lease`, { agent, method: 'POST', headers }, (response) => {
        response.resume().on('end', () => {
          resolve(response.statusCode);
        });
      });
      sent.on('socket', (socket) => sockets.add(socket)).on('error', reject);
      sent.end(body);
    });
  expect(await send(LARGE)).toBe(413);
  expect(await send('{')).toBe(422);
  expect(await send('{"key":"k"}')).toBe(200);
  expect(sockets.size).toBe(1);
  agent.destroy();
});

/** Resolves once the server has closed the connection. */
function exchange(
  server: TestServer,
  rest: string,
  { path = '/v1/ai/lease', type = 'application/json', apiKey = server.apiKey, body }: Case,
): Promise<{ readonly head: string; readonly body: string }> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const head = `POST ${path} ${rest}Host: x\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = connect({
      port: Number(new URL(server.url).port),
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    socket.write(head);
    socket.write(body);
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => {
      socket.end();
      const [first = '', ...others] = answer.split('\r\n\r\n');
      resolve({ head: `${first}\r\n`, body: others.join('\r\n\r\n') });
    });
    socket.on('error', reject);
  });
}
