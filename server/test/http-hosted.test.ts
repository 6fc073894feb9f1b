import { acquire, serve } from './support.ts';

/* What clients of the hosted API send today, as their SDKs send it. */

test('check-lock: locked, then duplicate until ttl has passed', async () => {
  const server = await serve();
  const body = { key: 'order:1', ttl: 60, metadata: { source: 'shop' } };
  const first = await server.post('/v1/check-lock', body, {
    headers: { 'x-request-id': 'req_1', 'user-agent': 'onceonly-python-sdk/3.0.3' },
  });
  expect([first.status, first.body]).toEqual([
    200,
    { success: true, status: 'locked', key: 'order:1', ttl: 60, first_seen_at: null },
  ]);
  expect(first.headers.get('x-onceonly-status')).toBe('locked');
  expect(first.headers.get('x-request-id')).toBe('req_1');
  server.advance(59);
  const second = await server.post('/v1/check-lock', body);
  expect(second.body).toEqual({
    success: false,
    status: 'duplicate',
    key: 'order:1',
    ttl: 60,
    first_seen_at: '2026-11-15T10:00:00.000Z',
  });
  expect([second.status, second.headers.get('x-onceonly-status')]).toEqual([200, 'duplicate']);
  server.advance(1);
  expect((await server.post('/v1/check-lock', { key: 'order:1' })).body).toMatchObject({
    status: 'locked',
    ttl: 3_600,
  });
});

test('check-lock takes a holder; its keys are a space of their own', async () => {
  const server = await serve();
  await acquire(server, 'k');
  for (const expected of ['locked', 'locked']) {
    expect((await server.post('/v1/check-lock', { key: 'k', holder: 'h' })).body).toMatchObject({
      status: expected,
      first_seen_at: null,
    });
  }
  expect((await server.post('/v1/check-lock', { key: 'k', holder: 'h2' })).body.status).toBe('duplicate');
});

test('the whole life of a hosted lease', async () => {
  const server = await serve();
  const lease = await server.post('/v1/ai/lease', {
    key: 'ai:job:1',
    ttl: 300,
    metadata: { agent: 'billing' },
  });
  expect(lease.body).toMatchObject({ ok: true, status: 'acquired', charged: 1 });
  const id = { key: 'ai:job:1', lease_id: lease.body.lease_id };
  expect((await server.post('/v1/ai/extend', { ...id, ttl: 300 })).body).toMatchObject({
    ok: true,
    status: 'extended',
    ttl: 300,
  });
  expect((await server.get('/v1/ai/status?key=ai%3Ajob%3A1')).body).toMatchObject({
    status: 'in_progress',
    ttl_left: 300,
  });
  expect((await server.get('/v1/ai/result?key=ai%3Ajob%3A1')).body).toMatchObject({
    status: 'in_progress',
    result: null,
  });
  expect(
    (await server.post('/v1/ai/complete', { ...id, result: { data: [1, 2] }, result_hash: 'h' })).body,
  ).toMatchObject({ ok: true, status: 'completed' });
  expect((await server.get('/v1/ai/result?key=ai%3Ajob%3A1')).body).toMatchObject({
    ok: true,
    status: 'completed',
    result: { data: [1, 2] },
    result_hash: 'h',
  });
  expect((await server.post('/v1/ai/lease', { key: 'ai:job:1', ttl: 300 })).body).toMatchObject({
    status: 'completed',
    charged: 0,
  });

  const failing = await acquire(server, 'f');
  expect(
    (
      await server.post('/v1/ai/fail', {
        key: 'f',
        lease_id: failing,
        error_code: 'fn_error',
        error_hash: 'x',
      })
    ).body,
  ).toMatchObject({ ok: true, status: 'failed' });
  expect((await server.post('/v1/ai/lease', { key: 'f' })).body).toMatchObject({
    status: 'failed',
    error_code: 'fn_error',
  });
  for (const path of [
    '/v1/me',
    '/v1/usage?kind=make',
    '/v1/usage/all',
    '/v1/events?limit=50&offset=0',
    '/v1/metrics?from_day=2026-11-01&to_day=2026-11-15',
  ]) {
    expect([path, (await server.get(path)).status]).toEqual([path, 200]);
  }
});

test('hosted paths that are not here say so', async () => {
  const server = await serve();
  const calls: [string, unknown?][] = [
    ['/v1/ai/run', { key: 'k' }],
    ['/v1/events', { run_id: 'r', type: 't' }],
    ['/v1/policies'],
    ['/v1/policies/agent/from-template', {}],
    ['/v1/tools/send?scope_id=global'],
    ['/v1/agents/a/disable', {}],
    ['/v1/runs/r1?limit=5'],
  ];
  for (const [path, body] of calls) {
    const reply = body === undefined ? await server.get(path) : await server.post(path, body);
    expect([path, reply.status, reply.body]).toEqual([
      path,
      403,
      { detail: { error: 'feature_not_available' } },
    ]);
  }
  expect((await server.get('/v1/runs', { apiKey: null })).status).toBe(401);
});

describe('hosted only, for tests of clients', () => {
  test('additions are ignored, absent, or not found', async () => {
    const server = await serve({ hostedOnly: {} });
    const first = (
      await server.post('/v1/ai/lease', {
        key: 'k',
        holder: 'h',
        ttl: 5,
        on_expired: 'block',
        max_attempts: 1,
      })
    ).body;
    expect(Object.keys(first)).toEqual([
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
    ]);
    const poller = (await server.post('/v1/ai/lease', { key: 'k', holder: 'h', wait: 20 })).body;
    expect(poller).toMatchObject({ status: 'in_progress', lease_id: first.lease_id, charged: 0 });
    expect((await server.get('/v1/ai/status?key=k')).body).toMatchObject({ lease_id: first.lease_id });
    server.advance(5);
    const second = (await server.post('/v1/ai/lease', { key: 'k' })).body;
    expect(second.status).toBe('acquired');
    await server.post('/v1/ai/fail', {
      key: 'k',
      lease_id: second.lease_id,
      error_code: 'e',
      retryable: true,
    });
    expect((await server.post('/v1/ai/lease', { key: 'k' })).body.status).toBe('failed');

    const me = (await server.get('/v1/me')).body;
    expect(Object.keys(me)).toEqual(['plan', 'tenant']);
    for (const path of ['/v1/ai/lease/batch', '/v1/ai/complete/batch', '/v1/keys/resolve']) {
      const reply = await server.post(path, { items: [{ key: 'k' }] });
      expect([reply.status, reply.body]).toEqual([404, { detail: 'Not Found' }]);
    }
    for (const reply of [
      await server.post('/v1/hooks', { url: 'https://example.org/', events: ['failed'] }),
      await server.get('/v1/hooks/deliveries?id=hook_1'),
      await server.delete('/v1/hooks?id=hook_1'),
    ]) {
      expect([reply.status, reply.body]).toEqual([403, { detail: { error: 'feature_not_available' } }]);
    }
    const outcome = await server.post(
      '/v1/ai/cancel',
      { key: 'none', lease_id: 'l' },
      { headers: { 'x-onceonly-outcomes': '200' } },
    );
    expect(outcome.status).toBe(404);
    expect((await server.post('/v1/ai/fail', { run: 'r', error_code: 'e' })).status).toBe(422);
  });

  test('results pass through, and an empty one is no failure', async () => {
    const server = await serve({ hostedOnly: {} });
    const lease = await acquire(server, 'k');
    const done = await server.post('/v1/ai/complete', {
      key: 'k',
      lease_id: lease,
      result: {},
      reject_empty: true,
    });
    expect(done.body.status).toBe('completed');
    expect((await server.get('/v1/ai/result?key=k')).body.result).toEqual({});
  });

  test('a duplicate may come as HTTP 409', async () => {
    const server = await serve({ hostedOnly: { duplicate409: true } });
    await server.post('/v1/check-lock', { key: 'k', holder: 'h' });
    const duplicate = await server.post('/v1/check-lock', { key: 'k', holder: 'h' });
    expect([duplicate.status, duplicate.body]).toEqual([
      409,
      { detail: { error: 'Duplicate blocked', first_seen_at: '2026-11-15T10:00:00.000Z' } },
    ]);
    expect(duplicate.headers.get('x-onceonly-status')).toBe('duplicate');
  });
});
