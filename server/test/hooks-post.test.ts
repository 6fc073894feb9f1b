import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createPost, type Posted, type PostOptions } from '../src/hooks/post.ts';
import type { Resolve } from '../src/hooks/addresses.ts';

let server: Server | undefined;
let seen: string[] = [];

async function listen(listener: RequestListener): Promise<string> {
  seen = [];
  server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    listener(request, response);
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return String((listening.address() as AddressInfo).port);
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const post = (url: string, options: Partial<PostOptions> = {}): Promise<Posted> =>
  createPost({ privateAddresses: false, ...options })({ url, headers: { 'x-a': 'b' }, body: '{"ä":1}' });

const REFUSED =
  'The host of the URL is this machine or in a private network; the server does not send there.';
const ok: RequestListener = (request, response) => {
  request.resume();
  response.end();
};

test('sends body and headers, and says the status', async () => {
  let received = '';
  const port = await listen((request, response) => {
    request.on('data', (chunk: Buffer) => (received += chunk.toString()));
    request.on('end', () => response.writeHead(202, { 'x-got': String(request.headers['x-a']) }).end('{}'));
  });
  expect(await post(`http://127.0.0.1:${port}/a?b=c`, { privateAddresses: true })).toEqual({
    statusCode: 202,
  });
  expect([received, seen]).toEqual(['{"ä":1}', ['POST /a?b=c']]);
});

test.each([
  ...['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '127.0.0.1.', '0.0.0.0', '[::1]', '[::]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', 'localhost', 'localhost.', 'x@127.0.0.1', 'a.localhost'],
])('nothing is sent to http://%s', async (host) => {
  const port = await listen(ok);
  const posted = await post(`http://${host}:${port}/`);
  expect(posted).not.toHaveProperty('statusCode');
  expect(seen).toEqual([]);
});

const resolving =
  (...answers: readonly (readonly string[])[]): Resolve =>
  (_hostname, _options, callback) => {
    const [addresses = []] = answers;
    if (answers.length > 1) answers = answers.slice(1);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

test.each([[['127.0.0.1']], [['::1']], [['::ffff:127.0.0.1']], [['10.0.0.1', '169.254.169.254']], [[]]])(
  'a name that means %j is refused, whatever it meant when the hook was made',
  async (addresses) => {
    const port = await listen(ok);
    const resolve = resolving(addresses);
    expect(await post(`http://hook.example:${port}/`, { resolve })).toEqual({ error: REFUSED });
    expect(await post(`https://hook.example:${port}/`, { resolve })).toEqual({ error: REFUSED });
    expect(seen).toEqual([]);
  },
);

test('a name is looked up once for a request, so that a second answer is never connected to', async () => {
  const port = await listen(ok);
  let asked = 0;
  const rebinding = resolving(['192.0.2.1', '2001:db8::1'], ['127.0.0.1']);
  const resolve: Resolve = (...all) => {
    asked += 1;
    rebinding(...all);
  };
  expect(await post(`http://hook.example:${port}/`, { resolve })).toEqual({ error: REFUSED });
  expect([asked, seen]).toEqual([1, []]);
});

test('of several addresses only those of the internet are connected to', async () => {
  const port = await listen(ok);
  const stop = AbortSignal.timeout(300);
  const send = createPost({ privateAddresses: false, resolve: resolving(['127.0.0.1', '8.8.8.8']) });
  const message = { url: `http://hook.example:${port}/`, headers: {}, body: '' };
  // Whether that one can be reached depends on the network; this machine must not be.
  expect(await send(message, stop)).toHaveProperty('error');
  expect(seen).toEqual([]);
});

test.each([301, 302, 303, 307, 308])('redirect %i is not followed', async (statusCode) => {
  const port = await listen((_request, response) => {
    response.writeHead(statusCode, { location: '/elsewhere' }).end();
  });
  expect(await post(`http://127.0.0.1:${port}/`, { privateAddresses: true })).toEqual({ statusCode });
  expect(seen).toEqual(['POST /']);
});

const NO_ANSWER = { error: 'There was no answer within 0.2 seconds.' };

/** A machine may be too busy to hear in 0.2 seconds what was said at once: then it gets twice as long. */
async function postUntilHeard(url: string, timeoutMs = 200): Promise<Posted> {
  const posted = await post(url, { privateAddresses: true, timeoutMs });
  return 'error' in posted && timeoutMs < 10_000 ? postUntilHeard(url, 2 * timeoutMs) : posted;
}

test('a receiver that never answers, or never ends, holds nobody up for longer than the timeout', async () => {
  const silent = await listen(() => undefined);
  expect(await post(`http://127.0.0.1:${silent}/`, { privateAddresses: true, timeoutMs: 200 })).toEqual(
    NO_ANSWER,
  );
  server?.closeAllConnections();
  server?.close();
  const endless = await listen((_request, response) => void response.writeHead(200).write('x'));
  expect(await postUntilHeard(`http://127.0.0.1:${endless}/`)).toEqual({ statusCode: 200 });
});

const PROTOCOLS = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
test.each<[string, string, Posted]>([
  ['another protocol', PROTOCOLS, { statusCode: 101 }],
  ['another protocol, and more', `${PROTOCOLS}HTTP/1.1 200 OK\r\n\r\n`, { statusCode: 101 }],
  ['hints without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), NO_ANSWER],
  ['half of the headers', 'HTTP/1.1 200 OK\r\nX: ', NO_ANSWER],
  ['half of a body', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nx', { statusCode: 200 }],
])('a receiver that answers with %s is done with in time', async (_what, answer, expected) => {
  const raw = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((raw.address() as AddressInfo).port)}/`;
  try {
    const posted =
      'error' in expected ? post(url, { privateAddresses: true, timeoutMs: 200 }) : postUntilHeard(url);
    expect(await posted).toEqual(expected);
  } finally {
    raw.close();
  }
});

test('a name whose look-up never ends is given up in time', async () => {
  const resolve: Resolve = () => undefined;
  expect(await post('http://hook.example/', { resolve, timeoutMs: 200 })).toEqual(NO_ANSWER);
});

test('of an endless answer only the beginning is read', async () => {
  let sent = 0;
  const closed = Promise.withResolvers<undefined>();
  const port = await listen((_request, response) => {
    const chunk = Buffer.alloc(16_384);
    const more = (): void => {
      sent += chunk.length;
      if (!response.destroyed) response.write(chunk, more);
    };
    response.on('close', () => {
      closed.resolve(undefined);
    });
    more();
  });
  expect(await post(`http://127.0.0.1:${port}/`, { privateAddresses: true })).toEqual({ statusCode: 200 });
  await closed.promise;
  expect(sent).toBeLessThan(50_000_000);
});

test('what goes wrong is said in words', async () => {
  const port = await listen((request) => request.socket.destroy());
  const options = { privateAddresses: true };
  expect(await post(`http://127.0.0.1:${port}/`, options)).toEqual({
    error: 'The connection was closed before there was an answer.',
  });
  server?.close();
  await new Promise((resolve) => server?.once('close', resolve));
  expect(await post(`http://127.0.0.1:${port}/`, options)).toEqual({ error: 'Nothing listens at the URL.' });
  const notFound: Resolve = (_hostname, _options, callback) => {
    callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
  };
  expect(await post('http://hook.example/', { resolve: notFound })).toEqual({
    error: 'The host of the URL is not known.',
  });
});
