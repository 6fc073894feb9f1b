import { acquire, serve } from './support.ts';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const UUID8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const LEASE_MEMBERS = [
  ...[
    'ok',
    'status',
    'key',
    'ttl',
    'ttl_left',
    'lease_id',
    'version',
    'first_seen_at',
    'done_at',
    'result_hash',
  ],
  ...['error_code', 'retry_after_sec', 'usage', 'limit', 'charged'],
  ...['attempt', 'reentrant', 'expires_at', 'fence', 'idempotency_key', 'result'],
];

test('the first claim acquires, with every member', async () => {
  const server = await serve();
  const { status, body } = await server.post('/v1/ai/lease', { key: 'k' });
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(LEASE_MEMBERS);
  expect(body).toEqual({
    ok: true,
    status: 'acquired',
    key: 'k',
    ttl: 3_600,
    ttl_left: null,
    lease_id: expect.any(String),
    version: expect.any(Number),
    first_seen_at: '2026-11-15T10:00:00.000Z',
    done_at: null,
    result_hash: null,
    error_code: null,
    retry_after_sec: null,
    usage: 1,
    limit: null,
    charged: 1,
    attempt: 1,
    reentrant: false,
    expires_at: '2026-11-15T11:00:00.000Z',
    fence: expect.any(Number),
    idempotency_key: expect.stringMatching(UUID8),
    result: null,
  });
});

test('another holder is told in progress, and sees no lease', async () => {
  const server = await serve();
  await acquire(server, 'k', { ttl: 60, holder: 'h1' });
  server.advance(0.5);
  for (const more of [{}, { holder: 'h2' }, { holder: null }]) {
    const { body } = await server.post('/v1/ai/lease', { key: 'k', ...more });
    expect(Object.keys(body)).toEqual(LEASE_MEMBERS);
    expect(body).toMatchObject({
      ok: true,
      status: 'in_progress',
      lease_id: null,
      charged: 0,
      usage: 1,
      reentrant: false,
    });
    // Rounded up: a poller that waits so long does not come too early.
    expect(body).toMatchObject({
      ttl: 60,
      ttl_left: 60,
      retry_after_sec: 10,
      expires_at: expect.stringMatching(ISO),
    });
  }
  server.advance(59);
  const late = await server.post('/v1/ai/lease', { key: 'k' });
  expect(late.body).toMatchObject({ status: 'in_progress', ttl_left: 1, retry_after_sec: 1 });
});

test('the same holder finds its lease again, and is not charged again', async () => {
  const server = await serve();
  const lease = await acquire(server, 'k', { holder: 'h', ttl: 60 });
  const again = await server.post('/v1/ai/lease', { key: 'k', holder: 'h', ttl: 60 });
  expect(again.body).toMatchObject({
    status: 'acquired',
    lease_id: lease,
    reentrant: true,
    attempt: 1,
    charged: 0,
    usage: 1,
  });
  server.advance(61);
  const renewed = await server.post('/v1/ai/lease', { key: 'k', holder: 'h', ttl: 60 });
  expect(renewed.body).toMatchObject({
    status: 'acquired',
    lease_id: lease,
    reentrant: true,
    attempt: 1,
    charged: 0,
  });
  expect(renewed.body.expires_at).toBe(new Date(server.now() + 60_000).toISOString());
});

test('without a holder every request is a holder of its own', async () => {
  const server = await serve();
  await acquire(server, 'k');
  expect((await server.post('/v1/ai/lease', { key: 'k' })).body.status).toBe('in_progress');
});

test('an expired lease is taken over: new lease, higher attempt, version and fence', async () => {
  const server = await serve();
  const first = (await server.post('/v1/ai/lease', { key: 'k', ttl: 10 })).body;
  server.advance(10);
  const second = (await server.post('/v1/ai/lease', { key: 'k' })).body;
  expect(second).toMatchObject({ status: 'acquired', attempt: 2, charged: 1, usage: 2, reentrant: false });
  expect(second.lease_id).not.toBe(first.lease_id);
  expect(second.fence).toBeGreaterThan(first.fence);
  expect(second.version).toBeGreaterThan(first.version);
  expect(second.first_seen_at).toBe(first.first_seen_at);
  expect(second.idempotency_key).toBe(first.idempotency_key);
});

test('completed and failed keys stay so, and say when and how', async () => {
  const server = await serve();
  const done = await acquire(server, 'done');
  await server.post('/v1/ai/complete', {
    key: 'done',
    lease_id: done,
    result: { invoice: 7 },
    result_hash: 'abc',
  });
  const failed = await acquire(server, 'failed');
  await server.post('/v1/ai/fail', { key: 'failed', lease_id: failed, error_code: 'declined' });

  const again = (await server.post('/v1/ai/lease', { key: 'done' })).body;
  expect(Object.keys(again)).toEqual(LEASE_MEMBERS);
  expect(again).toMatchObject({
    ...{
      ok: true,
      status: 'completed',
      result: { invoice: 7 },
      result_hash: 'abc',
      done_at: expect.stringMatching(ISO),
    },
    ...{ lease_id: null, ttl_left: null, retry_after_sec: null, charged: 0, expires_at: null, attempt: 1 },
  });
  const failedAgain = (await server.post('/v1/ai/lease', { key: 'failed' })).body;
  expect(failedAgain).toMatchObject({
    status: 'failed',
    error_code: 'declined',
    lease_id: null,
    result: null,
    charged: 0,
  });

  server.advance(7 * 86_400);
  expect((await server.post('/v1/ai/lease', { key: 'done' })).body).toMatchObject({
    status: 'acquired',
    attempt: 1,
  });
});

test('a retryable failure is claimed again, and its error is gone', async () => {
  const server = await serve();
  const lease = await acquire(server, 'k');
  await server.post('/v1/ai/fail', { key: 'k', lease_id: lease, error_code: 'e', retryable: true });
  const again = (await server.post('/v1/ai/lease', { key: 'k' })).body;
  expect(again).toMatchObject({ status: 'acquired', attempt: 2, error_code: null, done_at: null });
});

test('another fingerprint is refused and changes nothing', async () => {
  const server = await serve();
  await acquire(server, 'k', { fingerprint: 'f1', holder: 'h' });
  const refused = await server.post('/v1/ai/lease', { key: 'k', fingerprint: 'f2', holder: 'h' });
  expect([refused.status, refused.body]).toEqual([422, { detail: { error: 'fingerprint_mismatch' } }]);
  const asOutcome = await server.post(
    '/v1/ai/lease',
    { key: 'k', fingerprint: 'f2' },
    { headers: { 'x-onceonly-outcomes': '200' } },
  );
  expect(asOutcome.status).toBe(200);
  expect(asOutcome.body).toMatchObject({ ok: false, status: 'fingerprint_mismatch' });
  expect((await server.post('/v1/ai/lease', { key: 'k', holder: 'h' })).body).toMatchObject({
    reentrant: true,
  });
});

test('block asks a person: unresolved, and later retry does not lift it', async () => {
  const server = await serve();
  await acquire(server, 'k', { ttl: 5, on_expired: 'block' });
  server.advance(5);
  for (const more of [{}, { on_expired: 'retry' }]) {
    const { body } = await server.post('/v1/ai/lease', { key: 'k', ...more });
    expect(body).toMatchObject({
      ok: true,
      status: 'unresolved',
      ttl_left: 0,
      lease_id: null,
      retry_after_sec: null,
      charged: 0,
    });
  }
});

test('past max_attempts the key is exhausted, with its last error', async () => {
  const server = await serve();
  for (const attempt of [1, 2]) {
    const claim = (await server.post('/v1/ai/lease', { key: 'k', max_attempts: 2 })).body;
    expect(claim.attempt).toBe(attempt);
    await server.post('/v1/ai/fail', {
      key: 'k',
      lease_id: claim.lease_id,
      error_code: `e${String(attempt)}`,
      retryable: true,
    });
  }
  const { body } = await server.post('/v1/ai/lease', { key: 'k' });
  expect(body).toMatchObject({
    ok: true,
    status: 'exhausted',
    error_code: 'e2',
    lease_id: null,
    charged: 0,
    attempt: 2,
  });
});

test('retention says how long a finished key is remembered', async () => {
  const server = await serve();
  const lease = await acquire(server, 'k', { retention: 100 });
  await server.post('/v1/ai/complete', { key: 'k', lease_id: lease });
  server.advance(99);
  expect((await server.get('/v1/ai/status?key=k')).status).toBe(200);
  server.advance(1);
  expect((await server.get('/v1/ai/status?key=k')).status).toBe(404);
});

test('the idempotency key differs by tenant, key and epoch only', async () => {
  const server = await serve();
  const of = async (apiKey: string, key: string): Promise<string> =>
    (await server.post('/v1/ai/lease', { key }, { apiKey })).body.idempotency_key;
  const other = await server.newKey({ tenant: 'other' });
  const [a, b, c] = [await of(server.apiKey, 'k'), await of(other, 'k'), await of(server.apiKey, 'k2')];
  expect(new Set([a, b, c]).size).toBe(3);

  const lease = await acquire(server, 'e');
  const first = await of(server.apiKey, 'e');
  await server.post('/v1/ai/fail', { key: 'e', lease_id: lease, error_code: 'x', retryable: true });
  const second = (await server.post('/v1/ai/lease', { key: 'e' })).body;
  expect(second.idempotency_key).toBe(first);
  await server.post('/v1/ai/fail', {
    key: 'e',
    lease_id: second.lease_id,
    error_code: 'x',
    retryable: true,
    effect: 'none',
  });
  expect(await of(server.apiKey, 'e')).not.toBe(first);
});

test('tenants do not see each other', async () => {
  const server = await serve();
  const other = await server.newKey({ tenant: 'other' });
  await acquire(server, 'k');
  expect((await server.get('/v1/ai/status?key=k', { apiKey: other })).status).toBe(404);
  expect((await server.post('/v1/ai/lease', { key: 'k' }, { apiKey: other })).body.status).toBe('acquired');
});

test('of 64 claims at once, one acquires', async () => {
  const server = await serve();
  const replies = await Promise.all(
    Array.from({ length: 64 }, (_, i) => server.post('/v1/ai/lease', { key: 'k', holder: `h${String(i)}` })),
  );
  const acquired = replies.filter((reply) => reply.body.status === 'acquired');
  expect(acquired).toHaveLength(1);
  expect(replies.filter((reply) => typeof reply.body.lease_id === 'string')).toHaveLength(1);
});
