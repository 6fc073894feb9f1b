import { acquire, serve } from './support.ts';

const OUTCOMES = { headers: { 'x-onceonly-outcomes': '200' } };

test('complete, fail, extend and cancel answer with what became of the key', async () => {
  const server = await serve();
  const a = await acquire(server, 'a', { ttl: 60 });
  server.advance(30);
  const extended = await server.post('/v1/ai/extend', { key: 'a', lease_id: a });
  expect(extended.status).toBe(200);
  expect(extended.body).toMatchObject({
    ...{ ok: true, status: 'extended', key: 'a', ttl: 60, version: 2 },
    expires_at: new Date(server.now() + 60_000).toISOString(),
  });
  const longer = await server.post('/v1/ai/extend', { key: 'a', lease_id: a, ttl: 120 });
  expect(longer.body).toMatchObject({ ttl: 120, version: 3 });

  const completed = await server.post('/v1/ai/complete', {
    key: 'a',
    lease_id: a,
    result: { x: 1 },
    result_hash: 'h',
  });
  expect(completed.body).toMatchObject({
    ok: true,
    status: 'completed',
    key: 'a',
    result_hash: 'h',
    error_code: null,
  });
  expect(completed.body.done_at).toBe(new Date(server.now()).toISOString());

  const b = await acquire(server, 'b');
  const failed = await server.post('/v1/ai/fail', {
    key: 'b',
    lease_id: b,
    error_code: 'e',
    error_hash: 'h',
  });
  expect(failed.body).toMatchObject({
    ok: true,
    status: 'failed',
    key: 'b',
    error_code: 'e',
    retryable: false,
  });

  const c = await acquire(server, 'c');
  const cancelled = await server.post('/v1/ai/cancel', { key: 'c', lease_id: c, reason: 'not needed' });
  expect(cancelled.body).toMatchObject({ ok: true, status: 'released', key: 'c' });
  expect((await server.get('/v1/ai/status?key=c')).status).toBe(404);
  expect((await server.post('/v1/ai/lease', { key: 'c' })).body).toMatchObject({
    status: 'acquired',
    attempt: 2,
  });
});

const finishes = (key: string, lease: string) =>
  [
    ['complete', { key, lease_id: lease }],
    ['fail', { key, lease_id: lease, error_code: 'e' }],
    ['extend', { key, lease_id: lease }],
    ['cancel', { key, lease_id: lease }],
  ] as const;

test('a lease that is not the current one is lost, and changes nothing', async () => {
  const server = await serve();
  await acquire(server, 'k');
  for (const [call, body] of finishes('k', 'another')) {
    const reply = await server.post(`/v1/ai/${call}`, body);
    expect([call, reply.status, reply.body]).toEqual([
      call,
      409,
      { detail: { error: 'lease_lost', status: 'in_progress' } },
    ]);
    const outcome = await server.post(`/v1/ai/${call}`, body, OUTCOMES);
    expect([outcome.status, outcome.body]).toEqual([
      200,
      { ok: false, status: 'lease_lost', key: 'k', state: 'in_progress' },
    ]);
  }
  expect((await server.get('/v1/ai/status?key=k')).body).toMatchObject({ status: 'in_progress', version: 1 });
});

test('without a record everything says not found', async () => {
  const server = await serve();
  for (const [call, body] of finishes('none', 'l')) {
    const reply = await server.post(`/v1/ai/${call}`, body);
    expect([call, reply.status, reply.body]).toEqual([call, 404, { detail: { error: 'not_found' } }]);
    const outcome = await server.post(`/v1/ai/${call}`, body, OUTCOMES);
    expect([outcome.status, outcome.body]).toMatchObject([200, { ok: false, status: 'not_found' }]);
  }
  for (const read of ['status', 'result']) {
    expect((await server.get(`/v1/ai/${read}?key=none`)).body).toEqual({ detail: { error: 'not_found' } });
    const outcome = await server.get(`/v1/ai/${read}?key=none`, OUTCOMES);
    expect([outcome.status, outcome.body]).toMatchObject([200, { ok: false, status: 'not_found' }]);
  }
});

test('asking again gives the stored answer; the first result stands', async () => {
  const server = await serve();
  const a = await acquire(server, 'a');
  const first = await server.post('/v1/ai/complete', { key: 'a', lease_id: a, result: { n: 1 } });
  server.advance(5);
  const second = await server.post('/v1/ai/complete', { key: 'a', lease_id: a, result: { n: 2 } });
  expect(second.body).toEqual(first.body);
  expect((await server.get('/v1/ai/result?key=a')).body.result).toEqual({ n: 1 });

  const b = await acquire(server, 'b');
  const failed = await server.post('/v1/ai/fail', { key: 'b', lease_id: b, error_code: 'one' });
  expect((await server.post('/v1/ai/fail', { key: 'b', lease_id: b, error_code: 'two' })).body).toEqual(
    failed.body,
  );
});

test('fail and cancel after completion, and cancel after failure, are refused', async () => {
  const server = await serve();
  const a = await acquire(server, 'a');
  await server.post('/v1/ai/complete', { key: 'a', lease_id: a });
  const b = await acquire(server, 'b');
  await server.post('/v1/ai/fail', { key: 'b', lease_id: b, error_code: 'e' });
  const cases = [
    ['fail', 'a', a, 'completed'],
    ['cancel', 'a', a, 'completed'],
    ['cancel', 'b', b, 'failed'],
  ] as const;
  for (const [call, key, lease, state] of cases) {
    const body = { key, lease_id: lease, ...(call === 'fail' ? { error_code: 'e' } : {}) };
    const reply = await server.post(`/v1/ai/${call}`, body);
    expect([reply.status, reply.body]).toEqual([
      409,
      { detail: { error: 'already_finished', status: state } },
    ]);
    const outcome = await server.post(`/v1/ai/${call}`, body, OUTCOMES);
    expect([outcome.status, outcome.body]).toMatchObject([
      200,
      { ok: false, status: 'already_finished', state },
    ]);
  }
});

test('a completion counts after its own failure, and past expiry', async () => {
  const server = await serve();
  const a = await acquire(server, 'a');
  await server.post('/v1/ai/fail', { key: 'a', lease_id: a, error_code: 'timeout', retryable: true });
  expect((await server.post('/v1/ai/complete', { key: 'a', lease_id: a })).body.status).toBe('completed');
  const b = await acquire(server, 'b', { ttl: 1 });
  server.advance(100);
  expect((await server.post('/v1/ai/complete', { key: 'b', lease_id: b })).body.status).toBe('completed');
});

test('fail by run fails every live lease of the run, and says how many', async () => {
  const server = await serve();
  for (const key of ['a', 'b']) await acquire(server, key, { run: 'r1', holder: `h-${key}` });
  await acquire(server, 'c', { run: 'r2' });
  const { status, body } = await server.post('/v1/ai/fail', {
    run: 'r1',
    error_code: 'workflow',
    retryable: true,
  });
  expect([status, body]).toEqual([200, { ok: true, status: 'failed', run: 'r1', count: 2 }]);
  expect((await server.get('/v1/ai/status?key=a')).body).toMatchObject({
    status: 'failed',
    error_code: 'workflow',
  });
  expect((await server.get('/v1/ai/status?key=c')).body.status).toBe('in_progress');
  expect((await server.post('/v1/ai/fail', { run: 'r1', error_code: 'x' })).body.count).toBe(0);
});

test('fail without key, lease or run names what is missing', async () => {
  const server = await serve();
  const cases = [
    [{}, ['key', 'lease_id']],
    [{ key: 'k' }, ['lease_id']],
    [{ lease_id: 'l' }, ['key']],
    [{ key: 'k', run: 'r' }, ['lease_id']],
  ] as const;
  for (const [body, missing] of cases) {
    const reply = await server.post('/v1/ai/fail', { error_code: 'e', ...body });
    expect(reply.status).toBe(422);
    expect(reply.body.detail.map((fault) => fault.loc[1])).toEqual(missing);
  }
});

test('status and result use hosted words, with flags beside, and never show a lease', async () => {
  const server = await serve();
  await acquire(server, 'k', { ttl: 60 });
  const status = (await server.get('/v1/ai/status?key=k')).body;
  expect(status).toMatchObject({
    ...{
      ok: true,
      status: 'in_progress',
      key: 'k',
      ttl: 60,
      ttl_left: 60,
      lease_id: null,
      version: 1,
      done_at: null,
    },
    ...{
      result_hash: null,
      error_code: null,
      retry_after_sec: 10,
      exhausted: false,
      unresolved: false,
      attempt: 1,
    },
  });
  expect(status).not.toHaveProperty('usage');
  expect((await server.get('/v1/ai/result?key=k')).body).toEqual({
    ...{
      ok: true,
      status: 'in_progress',
      key: 'k',
      result: null,
      result_hash: null,
      error_code: null,
      done_at: null,
    },
    ...{ exhausted: false, unresolved: false },
  });

  await acquire(server, 'died', { ttl: 1, on_expired: 'block' });
  const once = await acquire(server, 'spent', { max_attempts: 1 });
  await server.post('/v1/ai/fail', { key: 'spent', lease_id: once, error_code: 'e', retryable: true });
  server.advance(1);
  for (const read of ['status', 'result']) {
    expect((await server.get(`/v1/ai/${read}?key=died`)).body).toMatchObject({
      status: 'in_progress',
      unresolved: true,
    });
    expect((await server.get(`/v1/ai/${read}?key=spent`)).body).toMatchObject({
      status: 'failed',
      exhausted: true,
    });
  }
  expect((await server.get('/v1/ai/status?key=died')).body).toMatchObject({
    ttl_left: 0,
    retry_after_sec: null,
  });
});
