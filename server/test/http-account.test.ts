import { createApiKey, createApiKeyLookup, hashApiKey } from '../src/api-keys.ts';
import { CAPABILITIES } from '../src/http/routes/account.ts';
import { acquire, serve, type Answer } from './support.ts';

test('requests without a key are 401, with an unknown or revoked one 403', async () => {
  const server = await serve();
  for (const headers of [
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Basic abc' },
  ] as Record<string, string>[]) {
    const reply = await server.post('/v1/ai/lease', { key: 'k' }, { apiKey: null, headers });
    expect([reply.status, reply.body]).toEqual([401, { detail: 'Missing Authorization Bearer token' }]);
  }
  for (const apiKey of [
    'nonsense',
    `once_live_${'A'.repeat(43)}`,
    `${server.apiKey}x`,
    server.apiKey.slice(0, -1),
  ]) {
    const reply = await server.post('/v1/ai/lease', { key: 'k' }, { apiKey });
    expect([reply.status, reply.body]).toEqual([403, { detail: 'Invalid API key' }]);
  }
  expect(
    (
      await server.post(
        '/v1/ai/lease',
        { key: 'k' },
        { apiKey: null, headers: { authorization: `bearer  ${server.apiKey}` } },
      )
    ).status,
  ).toBe(200);
});

test('it says by which versions keys are derived, and whether it knows the caller’s', async () => {
  const server = await serve();
  expect((await server.get('/v1/me')).body).toMatchObject({ derivations: [1] });
  expect((await server.get('/v1/me')).body).not.toHaveProperty('derivation_known');
  expect((await server.get('/v1/me?derivation=1')).body).toMatchObject({ derivation_known: true });
  expect((await server.get('/v1/me?derivation=2')).body).toMatchObject({ derivation_known: false });
});

test('a revoked key is refused within two seconds', async () => {
  const server = await serve();
  expect((await server.get('/v1/me')).status).toBe(200);
  const [apiKey] = await server.store.apiKeys.list();
  await server.store.apiKeys.revoke(apiKey?.id ?? '');
  server.advance(2);
  expect((await server.get('/v1/me')).status).toBe(403);
});

test('keys are random, kept as hashes only, and remembered for two seconds at most', async () => {
  const server = await serve();
  const made = await Promise.all(
    [1, 2].map(() => createApiKey(server.store.apiKeys, { tenant: 't', role: 'operator' })),
  );
  for (const { secret, apiKey } of made) {
    expect(secret).toMatch(/^once_live_[A-Za-z0-9_-]{43}$/);
    expect(apiKey.id).toMatch(/^key_[A-Za-z0-9_-]{12}$/);
    expect(apiKey.hash).toBe(hashApiKey(secret));
    expect(JSON.stringify(await server.store.apiKeys.list())).not.toContain(secret);
  }
  const [one, two] = made.map(({ secret }) => secret);
  expect(one).not.toBe(two);

  let now = 1_000;
  let asked = 0;
  const { remembered, ask } = createApiKeyLookup(
    { find: (hash) => ((asked += 1), server.store.apiKeys.find(hash)) },
    () => now,
  );
  const find = (of: string) => remembered(of) ?? ask(of);
  const secret = one ?? '';
  await find(secret);
  now += 1_999;
  expect(await find(secret)).toMatchObject({ tenant: 't' });
  expect(asked).toBe(1);
  now += 1;
  await find(secret);
  expect(asked).toBe(2);
  // A clock that was set back forgets.
  now -= 500;
  await find(secret);
  expect(asked).toBe(3);
});

test('/v1/me says whose key it is and what the server can do', async () => {
  const server = await serve();
  expect((await server.get('/v1/me')).body).toMatchObject({
    ...{ plan: 'self-hosted', tenant: 'acme', role: 'automation', key_id: expect.stringMatching(/^key_/) },
    ...{ capabilities: CAPABILITIES, durability: expect.stringContaining('SQLite') },
    limits: { body_bytes: 262_144, result_bytes: 65_536, batch_items: 500 },
  });
});

test('usage counts acquired leases and first-seen locks of the month', async () => {
  const server = await serve();
  await acquire(server, 'a', { holder: 'h' });
  await acquire(server, 'a', { holder: 'h' });
  await acquire(server, 'b');
  await server.post('/v1/check-lock', { key: 'l' });
  await server.post('/v1/check-lock', { key: 'l' });
  const of = async (query: string) => (await server.get(`/v1/usage${query}`)).body;
  expect(await of('')).toEqual({
    kind: 'make',
    plan: 'self-hosted',
    usage: 1,
    limit: null,
    period: '2026-11',
  });
  expect(await of('?kind=ai')).toEqual({
    kind: 'ai',
    plan: 'self-hosted',
    usage: 2,
    limit: null,
    period: '2026-11',
  });
  expect(await of('/all')).toEqual({
    ...{ plan: 'self-hosted', period: '2026-11' },
    ...{ make: { usage: 1, limit: null }, ai: { usage: 2, limit: null } },
  });
  expect((await server.get('/v1/usage?kind=x')).body.detail[0]).toMatchObject({
    loc: ['query', 'kind'],
    type: 'enum',
  });
  server.advance(20 * 86_400);
  expect(await of('?kind=ai')).toMatchObject({ usage: 0, period: '2026-12' });
});

test('events come newest first, metrics by day', async () => {
  const server = await serve();
  const lease = await acquire(server, 'a', { run: 'r' });
  await server.post('/v1/ai/lease', { key: 'a' });
  await server.post('/v1/ai/complete', { key: 'a', lease_id: lease });
  const { items } = (await server.get('/v1/events?limit=2&offset=0')).body;
  expect(items).toMatchObject([
    { type: 'completed', key: 'a', run: 'r', attempt: 1, at: '2026-11-15T10:00:00.000Z' },
    { type: 'duplicate', key: 'a' },
  ]);
  expect((await server.get('/v1/events')).body.items).toHaveLength(3);
  await acquire(server, 'orders:b:c');
  expect((await server.get('/v1/events?job=orders&type=claimed')).body.items).toEqual([
    {
      ...{ id: expect.any(String) as string, type: 'claimed', at: '2026-11-15T10:00:00.000Z' },
      ...{
        job: 'orders',
        event_key: 'b:c',
        key: 'orders:b:c',
        shown_key: 'orders:b:c',
        run: null,
        attempt: 1,
      },
      ...{ platform: null, workflow: null, run_url: null, shown_where: null },
      ...{ first_seen_at: '2026-11-15T10:00:00.000Z', error_code: null },
    },
  ]);
  expect((await server.get('/v1/events?type=completed')).body.items).toMatchObject([{ key: 'a', job: null }]);
  expect((await server.get('/v1/events?type=odd')).body.detail[0]?.loc).toEqual(['query', 'type']);
  const newest = (await server.get('/v1/events?limit=2')).body.items;
  expect((await server.get('/v1/events?limit=1&offset=1')).body.items).toEqual(newest.slice(1));
  for (const limit of ['0', '1001', 'x', '-1', '1.5']) {
    expect((await server.get(`/v1/events?limit=${limit}`)).body.detail[0]?.loc).toEqual(['query', 'limit']);
  }

  expect((await server.get('/v1/metrics')).body).toEqual({
    ...{ from_day: '2026-10-17', to_day: '2026-11-15' },
    items: [{ day: '2026-11-15', counts: { claimed: 2, duplicate: 1, completed: 1 } }],
  });
  expect((await server.get('/v1/metrics?from_day=2026-11-16&to_day=2026-11-20')).body.items).toEqual([]);
  expect((await server.get('/v1/metrics?from_day=2025-10-12&to_day=2026-11-15')).status).toBe(200);
  const wrong = ['from_day=2026-02-30', 'to_day=tomorrow', 'from_day=2026-11-16', 'from_day=2025-10-11'];
  for (const query of wrong)
    expect([query, (await server.get(`/v1/metrics?${query}`)).status]).toEqual([query, 422]);
});

test('keys and resolve are for operators', async () => {
  const server = await serve();
  const operator = { apiKey: await server.newKey({ role: 'operator' }) };
  for (const reply of [
    await server.get('/v1/keys'),
    await server.post('/v1/keys/resolve', { key: 'k', version: 1, outcome: 'released' }),
  ]) {
    expect([reply.status, reply.body.detail.error]).toEqual([403, 'operator_key_needed']);
    expect(reply.body.detail.message).toMatch(/role operator/);
  }
  expect((await server.post('/v1/ai/lease', { key: 'k' }, operator)).body.status).toBe('acquired');
  expect((await server.get('/v1/keys', operator)).status).toBe(200);
});

test('keys are listed by prefix and status, page by page, without leases', async () => {
  const server = await serve();
  const operator = { apiKey: await server.newKey({ role: 'operator' }) };
  for (const key of ['orders:1', 'orders:2', 'orders:3', 'other'])
    await acquire(server, key, { run: 'r', ttl: 10, on_expired: 'block' });
  const all = (await server.get('/v1/keys', operator)).body;
  expect(all.cursor).toBeNull();
  expect(all.items.map((item) => item.key).sort()).toEqual(['orders:1', 'orders:2', 'orders:3', 'other']);
  expect(all.items[0]).toMatchObject({
    status: 'in_progress',
    unresolved: false,
    exhausted: false,
    version: 1,
    attempt: 1,
    run: 'r',
    on_expired: 'block',
  });
  expect(JSON.stringify(all)).not.toContain('lease');

  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Answer = (
      await server.get(
        `/v1/keys?prefix=orders:&limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        operator,
      )
    ).body;
    seen.push(...page.items.map((item) => item.key));
    cursor = page.cursor;
  }
  expect([...new Set(seen)].sort()).toEqual(['orders:1', 'orders:2', 'orders:3']);
  expect((await server.get('/v1/keys?status=unresolved', operator)).body.items).toEqual([]);
  server.advance(10);
  expect((await server.get('/v1/keys?status=unresolved', operator)).body.items).toHaveLength(4);
  expect((await server.get('/v1/keys?status=nonsense', operator)).status).toBe(422);
  expect((await server.get('/v1/keys?cursor=nonsense%20!', operator)).status).toBeLessThan(500);
});

test("a person's word is checked against the version, and ends the lease", async () => {
  const server = await serve();
  const operator = { apiKey: await server.newKey({ role: 'operator' }) };
  const lease = await acquire(server, 'k', { ttl: 5, on_expired: 'block' });
  server.advance(5);
  const word = { key: 'k', outcome: 'completed', result: { by: 'hand' }, reason: 'looked' };
  const changed = await server.post('/v1/keys/resolve', { ...word, version: 99 }, operator);
  expect([changed.status, changed.body]).toEqual([409, { detail: { error: 'changed', version: 1 } }]);
  const resolved = await server.post('/v1/keys/resolve', { ...word, version: 1 }, operator);
  expect(resolved.body).toMatchObject({ ok: true, status: 'completed', version: 2 });
  expect((await server.get('/v1/ai/result?key=k')).body.result).toEqual({ by: 'hand' });
  expect(
    (await server.post('/v1/ai/fail', { key: 'k', lease_id: lease, error_code: 'e' })).body.detail.error,
  ).toBe('lease_lost');
  const missing = await server.post('/v1/keys/resolve', { ...word, key: 'none', version: 1 }, operator);
  expect([missing.status, missing.body]).toEqual([404, { detail: { error: 'not_found' } }]);
});

test('requests beyond the rate limit are 429 with Retry-After; what ends a claim is exempt', async () => {
  const server = await serve({ config: { rateLimitPerMinute: 5, hookPrivateAddresses: false } });
  const leases = (
    await server.post('/v1/ai/lease/batch', { items: [{ key: 'a' }, { key: 'b' }, { key: 'c' }] })
  ).body.items;
  await server.get('/v1/me');
  await server.get('/v1/me');
  const refused = await server.get('/v1/me');
  expect([refused.status, refused.body]).toEqual([429, { detail: { error: 'rate_limited' } }]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await server.post('/v1/ai/lease', { key: 'z' })).status).toBe(429);
  expect((await server.post('/v1/ai/lease/batch', { items: [{ key: 'z' }] })).status).toBe(429);

  const id = (index: number) => ({ key: leases[index]?.key, lease_id: leases[index]?.lease_id });
  expect((await server.post('/v1/ai/extend', id(0))).status).toBe(200);
  expect((await server.post('/v1/ai/complete', id(0))).status).toBe(200);
  expect((await server.post('/v1/ai/fail', { ...id(1), error_code: 'e' })).status).toBe(200);
  expect((await server.post('/v1/ai/complete/batch', { items: [id(2)] })).body.items[0]?.status).toBe(
    'completed',
  );
  // Another key has a limit of its own, and a batch larger than the limit takes a whole minute's worth.
  const apiKey = await server.newKey();
  const items = Array.from({ length: 20 }, (_, i) => ({ key: `l${String(i)}` }));
  expect((await server.post('/v1/ai/lease/batch', { items }, { apiKey })).status).toBe(200);
  expect((await server.get('/v1/me', { apiKey })).status).toBe(429);
});

test('every answer has a request id: the sent one if it can be used, else a new one', async () => {
  const server = await serve();
  const idOf = async (path: string, sent?: string, apiKey?: null) =>
    (
      await server.get(path, {
        headers: sent === undefined ? {} : { 'x-request-id': sent },
        ...(apiKey === null ? { apiKey } : {}),
      })
    ).headers.get('x-request-id');
  expect(await idOf('/v1/me', 'run-7 / step 2')).toBe('run-7 / step 2');
  expect(await idOf('/v1/me', 'x'.repeat(128))).toBe('x'.repeat(128));
  for (const sent of [undefined, '', 'x'.repeat(129), 'caf\u00e9'])
    expect(await idOf('/v1/me', sent)).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idOf('/v1/me', 'mine', null)).toBe('mine');
  expect(await idOf('/nowhere', 'mine')).toBe('mine');
  expect(await idOf('/v1/ai/status', 'mine')).toBe('mine');
});

test('health needs no key', async () => {
  const server = await serve();
  for (const path of ['/healthz', '/readyz']) {
    const reply = await server.get(path, { apiKey: null });
    expect([reply.status, reply.body]).toEqual([200, { ok: true }]);
  }
});
