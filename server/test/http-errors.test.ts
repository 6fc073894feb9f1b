import { LIMITS } from '@onceonly/shared/limits.ts';
import { connect } from 'node:net';
import type { Store } from '../src/store/store.ts';
import { StoreUnavailable } from '../src/claims/store.ts';
import { acquire, serve, type Detail, type TestServer } from './support.ts';

async function detailOf(server: TestServer, path: string, body: unknown): Promise<Detail> {
  const reply = await server.post(path, body);
  expect(reply.status).toBe(422);
  expect(Object.keys(reply.body)).toEqual(['detail']);
  return reply.body.detail;
}

const ONE_FAULT: readonly [body: object, type: string, field: string, msg: string][] = [
  [
    {},
    'missing',
    'key',
    'key is missing; it must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [
    { key: 5 },
    'string_type',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [
    { key: '' },
    'string_too_short',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [
    { key: 'x'.repeat(300) },
    'string_too_long',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character, but it has 300.',
  ],
  [
    { key: 'a\0b' },
    'string_pattern_mismatch',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [{ key: 'k', ttl: 0 }, 'greater_than_equal', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', ttl: 2_678_401 }, 'less_than_equal', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', ttl: 1.5 }, 'int_type', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', ttl: '60' }, 'int_type', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', metadata: 'x' }, 'dict_type', 'metadata', 'metadata must be a JSON object.'],
  [
    { key: 'k', metadata: { x: 'y'.repeat(2_048) } },
    'too_long',
    'metadata',
    'metadata has 2,056 bytes as JSON; it may have at most 2,048.',
  ],
  [
    { key: 'k', holder: 'k' },
    'value_error',
    'holder',
    'holder must name one run of one step and must not be the key itself, or every run would take itself for the first.',
  ],
  [
    { key: 'k', holder: 'x'.repeat(129) },
    'string_too_long',
    'holder',
    'holder must be text of 1 to 128 characters, none of them NUL or half a character, but it has 129.',
  ],
  [
    { key: 'k', run: '' },
    'string_too_short',
    'run',
    'run must be text of 1 to 128 characters, none of them NUL or half a character.',
  ],
  [
    { key: 'k', fingerprint: [] },
    'string_type',
    'fingerprint',
    'fingerprint must be text of 1 to 128 characters, none of them NUL or half a character.',
  ],
  [
    { key: 'k', max_attempts: 1_001 },
    'less_than_equal',
    'max_attempts',
    'max_attempts must be a whole number from 1 to 1,000.',
  ],
  [
    { key: 'k', retention: 0 },
    'greater_than_equal',
    'retention',
    'retention must be a whole number from 1 to 34,560,000.',
  ],
  [{ key: 'k', on_expired: 'skip' }, 'enum', 'on_expired', 'on_expired must be “retry” or “block”.'],
  [
    { key: 'k', wait: 5 },
    'value_error',
    'wait',
    'wait needs holder, so that asking again finds the lease that was waited for.',
  ],
  [{ key: 'k', holder: 'h', wait: 26 }, 'less_than_equal', 'wait', 'wait must be a number from 0 to 25.'],
];

test('each wrong field of a claim is named with its limit, and nothing is claimed', async () => {
  const server = await serve();
  for (const [body, type, field, msg] of ONE_FAULT) {
    const detail = await detailOf(server, '/v1/ai/lease', body);
    expect(detail).toEqual(
      [{ type, loc: ['body', field], msg, input: expect.anything() }].map((fault) =>
        type === 'missing' ? { ...fault, input: null } : fault,
      ),
    );
    expect(JSON.stringify(detail[0]?.input).length).toBeLessThan(120);
  }
  expect(
    (await server.store.claims.list({ tenant: 'acme', prefix: '', status: null, limit: 10, cursor: null }))
      .items,
  ).toEqual([]);
});

test.each([
  [{ key: '   ' }, 'key holds nothing but blanks and punctuation'],
  [{ key: '-' }, 'key holds nothing but blanks and punctuation'],
  [{ key: 'orders:' }, 'key holds nothing but blanks and punctuation'],
  [{ key: 'orders: - ' }, 'key holds nothing but blanks and punctuation'],
  [{ key: ':evt_1' }, 'key begins with a job that holds nothing but blanks and punctuation'],
  [{ key: 'orders:{{1.id}}' }, 'key is still a template'],
  [{ key: 'orders:{{ $json.body.id }}' }, 'key is still a template'],
  [{ key: 'orders:[object Object]' }, 'key holds “[object Object]”'],
  [{ job: ' ', payload: { id: 1 } }, 'job holds nothing but blanks and punctuation'],
  [{ job: '{{1.job}}', payload: { id: 1 } }, 'job is still a template'],
])('%j, which nobody can mean, is refused wherever a claim is made', async (named, msg) => {
  const server = await serve();
  const [field = ''] = Object.keys(named);
  const fault = { loc: ['body', field], msg: expect.stringContaining(msg) };
  for (const path of ['/v1/ai/lease', '/v1/check-lock'])
    expect(await detailOf(server, path, named)).toEqual([expect.objectContaining(fault)]);
  const { body } = await server.post('/v1/ai/lease/batch', { items: [named] });
  expect(body.items[0]?.error).toEqual({ status: 422, detail: [expect.objectContaining(fault)] });
});

test('all faults are told at once, and lone surrogates are one', async () => {
  const server = await serve();
  const detail = await detailOf(server, '/v1/ai/lease', '{"key":"a\\ud800b","ttl":"x","holder":7}');
  expect(detail.map((fault) => fault.loc[1])).toEqual(['key', 'ttl', 'holder']);
});

test('characters are code points', async () => {
  const server = await serve();
  expect((await server.post('/v1/ai/lease', { key: '😀'.repeat(256) })).body.status).toBe('acquired');
  expect((await server.get(`/v1/ai/status?key=${encodeURIComponent('😀'.repeat(256))}`)).body.status).toBe(
    'in_progress',
  );
  await detailOf(server, '/v1/ai/lease', { key: '😀'.repeat(257) });
});

test('null is the same as absent, and unknown fields are ignored', async () => {
  const server = await serve();
  const nulls = { ttl: null, metadata: null, holder: null, run: null, fingerprint: null, max_attempts: null };
  const body = { key: 'k', ...nulls, retention: null, on_expired: null, wait: null, agent: { x: 1 }, __v: 2 };
  expect((await server.post('/v1/ai/lease', body)).body).toMatchObject({ status: 'acquired', ttl: 3_600 });
});

test('wrong fields of the other calls are named', async () => {
  const server = await serve();
  const cases: [string, object, string[]][] = [
    ['/v1/check-lock', { ttl: 1 }, ['key']],
    ['/v1/check-lock', { key: 'k', holder: 'k' }, ['holder']],
    ['/v1/check-lock', { key: 'k', max_attempts: 3 }, ['max_attempts']],
    ['/v1/check-lock', { key: 'k', metadata: { x: 'y'.repeat(3_000) } }, ['metadata']],
    ['/v1/ai/complete', { key: 'k' }, ['lease_id']],
    ['/v1/ai/complete', { key: 'k', lease_id: 'l', result: [1] }, ['result']],
    ['/v1/ai/complete', { key: 'k', lease_id: 'l', result: 'text' }, ['result']],
    ['/v1/ai/complete', { key: 'k', lease_id: 'l', reject_empty: 'yes' }, ['reject_empty']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l' }, ['error_code']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l', error_code: 'x'.repeat(257) }, ['error_code']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l', error_code: 'e', retryable: 1 }, ['retryable']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l', error_code: 'e', effect: 'some' }, ['effect']],
    ['/v1/ai/extend', { key: 'k', lease_id: 'l', ttl: -1 }, ['ttl']],
    ['/v1/ai/cancel', { key: 'k', lease_id: 5 }, ['lease_id']],
    ['/v1/ai/lease/batch', { items: [] }, ['items']],
    ['/v1/ai/lease/batch', { items: Array.from({ length: 501 }, () => ({ key: 'k' })) }, ['items']],
    ['/v1/ai/lease/batch', { items: {} }, ['items']],
  ];
  for (const [path, body, fields] of cases) {
    const detail = await detailOf(server, path, body);
    expect([path, detail.map((fault) => fault.loc[1])]).toEqual([path, fields]);
    expect(detail[0]?.msg).toMatch(new RegExp(`^${fields.join()} .+\\.$`));
  }
  for (const query of ['', '?key=', '?key=a&key=b', `?key=${'x'.repeat(300)}`]) {
    const reply = await server.get(`/v1/ai/status${query}`);
    expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['query', 'key']]);
  }
});

test('a body that is no object, or no JSON, is refused in a sentence', async () => {
  const server = await serve();
  for (const body of ['[]', 'null', '5', '"x"']) {
    const [fault] = await detailOf(server, '/v1/ai/lease', body);
    expect(fault).toMatchObject({
      type: 'dict_type',
      loc: ['body'],
      msg: "The request's body must be a JSON object.",
    });
  }
  for (const body of ['{', '{"key":"k",}', 'key=k', ' ', '{"key":"k"}x', '\ufeff{"key":"k"}']) {
    expect(await detailOf(server, '/v1/ai/lease', body)).toMatch(
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
  const away = await serve({ store: failing(new StoreUnavailable('disk full at /secret/path')) });
  const ready = await away.get('/readyz');
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
  for (const path of ['/v1/ai/lease', '/v1/check-lock']) {
    const reply = await away.post(path, { key: 'k' });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    expect(reply.body.detail).toBe(
      'The store did not answer. The same request may be sent again; doing so twice does no harm.',
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
