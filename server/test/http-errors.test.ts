import { LIMITS } from '@onceonly/shared/limits.ts';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Store } from '../src/store/store.ts';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { acquire, refusalOf, serve, type TestServer } from './support.ts';

test('a body that is no object, or no JSON, is refused in a sentence', async () => {
  const server = await serve();
  for (const body of ['[]', 'null', '5', '"x"']) {
    const [fault] = await refusalOf(server, '/v1/ai/lease', body);
    expect(fault).toMatchObject({
      type: 'dict_type',
      loc: ['body'],
      msg: "The request's body must be a JSON object.",
    });
  }
  for (const body of ['{', '{"key":"k",}', 'key=k', ' ', '{"key":"k"}x']) {
    expect(await refusalOf(server, '/v1/ai/lease', body)).toMatch(
      /^The request's body is not valid JSON: .+\.$/,
    );
  }
  const notUtf8 = await fetch(`${server.url}/v1/ai/lease`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
    body: Buffer.from('7b226b6579223a22ff227d', 'hex'),
  });
  expect([notUtf8.status, await notUtf8.json()]).toEqual([
    422,
    { detail: "The request's body is not valid JSON: it is not UTF-8." },
  ]);
});

test('a body that is compressed is refused by the name of the header, however it is compressed', async () => {
  const server = await serve();
  for (const encoding of ['gzip', 'br', 'deflate, gzip', 'GZIP']) {
    const reply = await fetch(`${server.url}/v1/ai/lease`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.apiKey}`,
        'content-type': 'application/json',
        'content-encoding': encoding,
      },
      body: gzipSync('{"key":"k"}'),
    });
    expect([reply.status, reply.headers.get('accept-encoding'), await reply.json()]).toEqual([
      415,
      'identity',
      {
        detail: 'The body of a request must not be compressed: send it without the header Content-Encoding.',
      },
    ]);
  }
  const plain = await server.post('/v1/ai/lease', '{"key":"k"}', {
    headers: { 'content-encoding': 'identity' },
  });
  expect(plain.status).toBe(200);
});

test('a byte order mark before the JSON is skipped, also of a large body', async () => {
  const server = await serve();
  const claimed = await server.post('/v1/ai/lease', '\ufeff{"key":"k"}');
  expect([claimed.status, claimed.body.status]).toEqual([200, 'acquired']);
  const large = `\ufeff{"key":"l","x":"${'x'.repeat(200_000)}"}`;
  expect((await server.post('/v1/ai/lease', large)).status).toBe(200);
});

test('bodies and results beyond their limits are refused with 413, naming field and limit', async () => {
  const server = await serve();
  const big = await server.post('/v1/ai/lease', { key: 'k', x: 'x'.repeat(LIMITS.bodyBytes) });
  expect([big.status, big.body.detail]).toMatchObject([
    413,
    { error: 'too_large', field: 'body', limit_bytes: 262_144 },
  ]);
  const huge = await server.post('/v1/ai/lease/batch', {
    items: [{ key: 'k' }],
    x: 'x'.repeat(LIMITS.batchBodyBytes),
  });
  expect([huge.status, huge.body.detail]).toMatchObject([413, { field: 'body', limit_bytes: 2_097_152 }]);

  const lease = await acquire(server, 'k');
  const fits = { x: 'é'.repeat((LIMITS.resultBytes - 8) / 2) };
  const over = { x: `${fits.x}a` };
  const refused = await server.post('/v1/ai/complete', { key: 'k', lease_id: lease, result: over });
  expect([refused.status, refused.body.detail]).toEqual([
    413,
    {
      ...{ error: 'too_large', field: 'result', limit_bytes: 65_536 },
      message: 'result has 65,537 bytes as JSON; it may have at most 65,536.',
    },
  ]);
  const kept = await server.post('/v1/ai/complete', { key: 'k', lease_id: lease, result: fits });
  expect(kept.body.status).toBe('completed');
});

test('wrong content types, addresses and methods are refused in the one shape', async () => {
  const server = await serve();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense']) {
    const reply = await server.post('/v1/ai/lease', '{"key":"k"}', { headers: { 'content-type': type } });
    expect([reply.status, typeof reply.body.detail]).toEqual([415, 'string']);
  }
  const charset = await server.post('/v1/ai/lease', '{"key":"k"}', {
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  expect(charset.status).toBe(200);
  expect((await server.get('/v1/ai/lease')).body).toEqual({
    detail: 'There is no GET /v1/ai/lease here; /openapi.json lists what there is.',
  });
  expect((await server.get('/v1/ai/lease')).status).toBe(404);
  expect((await server.get('/nowhere')).status).toBe(404);
  const badUrl = await server.get('/%zz');
  expect([badUrl.status, typeof badUrl.body.detail]).toEqual([400, 'string']);
  expect(badUrl.headers.get('x-request-id')).toBeTruthy();
});

test('what is not HTTP gets an answer in the one shape', async () => {
  const server = await serve();
  for (const text of [
    'GARBAGE\r\n\r\n',
    'POST /v1/ai/lease HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n',
    `GET / HTTP/1.1\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
  ]) {
    const answer = await exchange(server, text);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('\r\nX-Content-Type-Options: nosniff\r\n');
    expect(answer).toContain('\r\n\r\n{"detail":"The request is not valid HTTP."}');
  }
  expect((await server.get('/healthz')).status).toBe(200);
});

test('a request that expects what nobody knows is a request like any other', async () => {
  const server = await serve();
  const head = `Host: x\r\nAuthorization: Bearer ${server.apiKey}\r\nExpect: wonders\r\nConnection: close\r\n`;
  const body = 'Content-Type: application/json\r\nContent-Length: 11\r\n\r\n{"key":"k"}';
  const answer = await exchange(server, `POST /v1/ai/lease HTTP/1.1\r\n${head}${body}`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
  expect(answer).toContain('"status":"acquired"');
});

test('a request without a host is refused in the one shape', async () => {
  const server = await serve();
  const answer = await exchange(server, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
  expect(answer).toContain('{"detail":"The request has no Host header, which HTTP/1.1 requires."}');
  const old = await exchange(server, 'GET /healthz HTTP/1.0\r\n\r\n');
  expect(old).toMatch(/^HTTP\/1\.1 200 /);
});

test('a query that is not UTF-8 is refused: with characters replaced, another key would be looked up', async () => {
  const server = await serve();
  for (const query of ['key=%ff', 'key=caf%E9', 'key=%zz', 'key=%']) {
    const { status, body } = await server.get(`/v1/ai/status?${query}`);
    expect([status, body.detail]).toEqual([
      400,
      'The query of the address is not percent-encoded UTF-8; a percent sign in a value is written %25.',
    ]);
  }
  await acquire(server, 'café 100% +');
  const found = await server.get(`/v1/ai/status?${new URLSearchParams({ key: 'café 100% +' }).toString()}`);
  expect(found.body.status).toBe('in_progress');
});

test('no answer may be taken for anything but what it says it is', async () => {
  const server = await serve();
  const answers = await Promise.all([
    ...[
      '/',
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/v1/me',
      '/nowhere',
      '/%zz',
      '/v1/keys',
      '/v1/policies',
    ].map((path) => server.get(path)),
    server.get('/v1/me', { apiKey: null }),
    server.post('/v1/ai/lease', '{'),
    server.post('/v1/ai/lease', { key: 'k', x: 'x'.repeat(LIMITS.bodyBytes) }),
    server.post('/v1/session', {}, { apiKey: null }),
  ]);
  expect(answers.map(({ headers }) => headers.get('x-content-type-options'))).toEqual(
    answers.map(() => 'nosniff'),
  );
});

function exchange(server: TestServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}

test('a store that does not answer is 503 with Retry-After, anything else 500 without internals', async () => {
  const good = await serve();
  const failing = (error: Error): Store => ({
    ...good.store,
    claims: { ...good.store.claims, claim: () => Promise.reject(error), lock: () => Promise.reject(error) },
    check: () => Promise.reject(error),
    close: () => Promise.resolve(),
  });
  const away = await serve({ store: failing(new StoreUnavailable('The disk of /secret/path is full.')) });
  const ready = await away.get('/readyz');
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
  expect(ready.body.detail).toBe(
    "The store's disk or memory is full. Claims cannot be written now; the server's log says more.",
  );
  for (const path of ['/v1/ai/lease', '/v1/check-lock']) {
    const reply = await away.post(path, { key: 'k' });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    expect(reply.body.detail).toBe(
      'The store did not answer. Send the same request again; doing so twice does no harm.',
    );
  }
  const item = (await away.post('/v1/ai/lease/batch', { items: [{ key: 'k' }] })).body.items[0];
  expect(item?.error?.status).toBe(503);

  const broken = await serve({ store: failing(new TypeError('secret internals')) });
  const reply = await broken.post('/v1/ai/lease', { key: 'k' });
  expect(reply.status).toBe(500);
  expect(reply.text).not.toContain('secret');
  expect(broken.logs.join('')).toContain('secret internals');
});
