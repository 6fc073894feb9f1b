import { acquire, serve } from './support.ts';

test('a batch of claims answers in order, each as a single call would', async () => {
  const server = await serve();
  const done = await acquire(server, 'done');
  await server.post('/v1/ai/complete', { key: 'done', lease_id: done, result: { n: 1 } });
  const items = [
    { key: 'a', holder: 'ha' },
    { key: 'done' },
    { key: 'b', ttl: 5 },
    { key: 7 },
    'text',
    null,
    { key: 'c', holder: 'c' },
    { key: 'orders:' },
  ];
  const { status, body } = await server.post('/v1/ai/lease/batch', { items });
  expect(status).toBe(200);
  expect(body.items).toHaveLength(items.length);
  expect(body.items[0]).toMatchObject({
    ok: true,
    status: 'acquired',
    key: 'a',
    charged: 1,
    lease_id: expect.any(String),
  });
  expect(body.items[1]).toMatchObject({ status: 'completed', result: { n: 1 } });
  expect(body.items[2]).toMatchObject({ status: 'acquired', key: 'b', ttl: 5 });
  expect(body.items.slice(3).map((item) => item.error?.status)).toEqual([422, 422, 422, 422, 422]);
  expect(body.items[3]?.error?.detail[0]).toMatchObject({
    type: 'string_type',
    loc: ['body', 'key'],
    input: 7,
  });
  const single = (await server.post('/v1/ai/lease', { key: 'a', holder: 'ha' })).body;
  expect(Object.keys(single)).toEqual(Object.keys(body.items[0] ?? {}));
  expect(single).toMatchObject({ reentrant: true, lease_id: body.items[0]?.lease_id });
});

test('in a batch, a later item of a key is in progress whatever its holder', async () => {
  const server = await serve();
  await acquire(server, 'held', { holder: 'other' });
  const items = [
    ...[{ key: 'k', holder: 'h' }, { key: 'x' }, { key: 'k', holder: 'h' }, { key: 'k' }],
    ...[
      { key: 'held', holder: 'mine' },
      { key: 'held', holder: 'other' },
    ],
  ];
  const { body } = await server.post('/v1/ai/lease/batch', { items });
  expect(body.items.map((item) => item.status)).toEqual([
    ...['acquired', 'acquired', 'in_progress', 'in_progress'],
    ...['in_progress', 'in_progress'],
  ]);
  expect(body.items[2]?.lease_id).toBeNull();
  const again = await server.post('/v1/ai/lease/batch', { items });
  expect(again.body.items.map((item) => [item.status, item.reentrant])).toMatchObject([
    ['acquired', true],
    ['in_progress', false],
    ['in_progress', false],
    ['in_progress', false],
    ['in_progress', false],
    ['in_progress', false],
  ]);
});

test('refusals of items carry status and detail, or come as outcomes', async () => {
  const server = await serve();
  await acquire(server, 'k', { fingerprint: 'f' });
  const items = [
    { key: 'k', fingerprint: 'g' },
    { key: 'l', holder: 'h', wait: 3 },
  ];
  const plain = (await server.post('/v1/ai/lease/batch', { items })).body.items;
  expect(plain[0]).toEqual({ error: { status: 422, detail: { error: 'fingerprint_mismatch' } } });
  expect(plain[1]?.error?.detail[0]?.loc).toEqual(['body', 'wait']);
  const outcomes = await server.post(
    '/v1/ai/lease/batch',
    { items },
    { headers: { 'x-onceonly-outcomes': '200' } },
  );
  expect(outcomes.body.items[0]).toMatchObject({ ok: false, status: 'fingerprint_mismatch' });
});

test('a batch of completions keeps each result as it was sent', async () => {
  const server = await serve();
  const a = await acquire(server, 'a');
  const b = await acquire(server, 'b');
  const c = await acquire(server, 'c');
  const big = `{"x":"${'x'.repeat(66_000)}"}`;
  const text =
    `{"items":[{"result":{"n":1e400},"x":{"items":[]}},{"key":"a","lease_id":"${a}","result":{ "n" : 12345678901234567890 }},` +
    `{"key":"b","lease_id":"lost"},{"key":"none","lease_id":"x"},{"key":"b","lease_id":"${b}","reject_empty":true},` +
    `{"key":"c","lease_id":"${c}","result":${big}}]}`;
  const { status, body } = await server.post('/v1/ai/complete/batch', text);
  expect(status).toBe(200);
  expect(body.items.map((item) => item.error?.status ?? item.status)).toEqual([
    422,
    'completed',
    409,
    404,
    'failed',
    413,
  ]);
  expect(body.items[2]).toEqual({
    error: { status: 409, detail: { error: 'lease_lost', status: 'in_progress' } },
  });
  expect((await server.get('/v1/ai/result?key=a')).text).toContain('"result":{ "n" : 12345678901234567890 }');
  const outcomes = await server.post(
    '/v1/ai/complete/batch',
    {
      items: [
        { key: 'a', lease_id: 'lost' },
        { key: 'none', lease_id: 'x' },
      ],
    },
    { headers: { 'x-onceonly-outcomes': '200' } },
  );
  expect(outcomes.body.items).toMatchObject([
    { ok: false, status: 'lease_lost', state: 'completed' },
    { ok: false, status: 'not_found' },
  ]);
});

test('no item fails the others, whatever is thrown at it: they keep their leases', async () => {
  const good = await serve();
  const { claims } = good.store;
  const failing = await serve({
    store: {
      ...good.store,
      claims: {
        ...claims,
        claim: (claim) => {
          if (claim.key === 'thrown') throw new TypeError('secret internals');
          return claim.key === 'rejected' ? Promise.reject(new RangeError('too deep')) : claims.claim(claim);
        },
      },
      close: () => Promise.resolve(),
    },
  });
  const number = '9'.repeat(400);
  const items = [
    '{"key":"first"}',
    `{"payload":{"id":${number}},"source":"generic"}`,
    '{"payload":{"id":1e400},"source":"generic"}',
    '{"key":"thrown"}',
    '{"key":"rejected"}',
    '{"key":"rejected"}',
    '{"key":"last"}',
  ];
  const { status, text, body } = await failing.post('/v1/ai/lease/batch', `{"items":[${items.join()}]}`, {
    apiKey: good.apiKey,
  });
  expect(status).toBe(200);
  expect(body.items.map((item) => (item.error === undefined ? item.status : 'failed'))).toEqual([
    ...['acquired', 'failed', 'failed', 'failed', 'failed', 'failed', 'acquired'],
  ]);
  expect(body.items.slice(3, 6).map((item) => item.error?.status)).toEqual([500, 500, 500]);
  expect(body.items[0]?.lease_id).toEqual(expect.any(String));
  expect(body.items[6]?.lease_id).toEqual(expect.any(String));
  expect(text).not.toContain('secret');
});

test('500 items are taken', async () => {
  const server = await serve();
  const items = Array.from({ length: 500 }, (_, i) => ({ key: `k${String(i)}` }));
  const { body } = await server.post('/v1/ai/lease/batch', { items });
  expect(body.items.every((item) => item.status === 'acquired')).toBe(true);
  expect(body.items.map((item) => item.key)).toEqual(items.map((item) => item.key));
});
