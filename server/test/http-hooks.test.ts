import { EVENT_TYPES } from '../src/claims/events.ts';
import { acquire, serve, type Reply, type TestServer } from './support.ts';

interface ShownHook {
  readonly id: string;
  readonly secret: string;
}

const URL_1 = 'https://example.org/hook?token=1';

async function create(server: TestServer, more: object = {}, apiKey = server.apiKey): Promise<ShownHook> {
  const { status, body } = await server.post(
    '/v1/hooks',
    { url: URL_1, events: ['run_died'], ...more },
    { apiKey },
  );
  expect(status).toBe(200);
  return body as unknown as ShownHook;
}

const idsOf = (reply: Reply): readonly string[] => {
  expect(reply.status).toBe(200);
  return (reply.body.items as unknown as ShownHook[]).map(({ id }) => id);
};

test('a hook is answered with its secret, and listed without', async () => {
  const server = await serve();
  const made = await create(server, { events: ['run_died', 'failed', 'run_died'], job: 'orders' });
  const shown = {
    ...{
      id: expect.stringMatching(/^hook_[\w-]{12}$/) as string,
      url: URL_1,
      events: ['failed', 'run_died'],
    },
    ...{ job: 'orders', created_at: '2026-11-15T10:00:00.000Z', disabled_at: null, disabled_reason: null },
  };
  const secret = expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string;
  expect(made).toEqual({ ok: true, ...shown, secret });
  const second = await create(server, { job: '', events: EVENT_TYPES });
  expect(second).toMatchObject({ job: null, events: EVENT_TYPES });
  const { body, text } = await server.get('/v1/hooks');
  expect(body.items).toEqual([shown, { ...shown, id: second.id, events: EVENT_TYPES, job: null }]);
  expect(text).not.toContain('whsec_');
});

test('automation keys see, read and remove their own hooks; operator keys those of the tenant', async () => {
  const server = await serve();
  const [other, operator, stranger] = [
    await server.newKey(),
    await server.newKey({ role: 'operator' }),
    await server.newKey({ role: 'operator', tenant: 'else' }),
  ];
  const { id } = await create(server);
  const { id: theirs } = await create(server, {}, other);
  const list = async (apiKey?: string) => idsOf(await server.get('/v1/hooks', apiKey ? { apiKey } : {}));
  expect(await list()).toEqual([id]);
  expect(await list(other)).toEqual([theirs]);
  expect(await list(operator)).toEqual([id, theirs]);
  expect(await list(stranger)).toEqual([]);

  for (const apiKey of [other, stranger]) {
    for (const reply of [
      await server.get(`/v1/hooks/deliveries?id=${id}`, { apiKey }),
      await server.delete(`/v1/hooks?id=${id}`, { apiKey }),
    ])
      expect([reply.status, reply.body]).toEqual([404, { detail: { error: 'not_found' } }]);
  }
  const removed = await server.delete(`/v1/hooks?id=${theirs}`, { apiKey: operator });
  expect([removed.status, removed.body]).toEqual([200, { ok: true, status: 'removed', id: theirs }]);
  expect(await list(operator)).toEqual([id]);
});

test('with outcomes as HTTP 200, a hook that is gone is no error', async () => {
  const server = await serve();
  const { id } = await create(server);
  const headers = { 'x-onceonly-outcomes': '200', 'content-type': 'application/json' };
  const remove = () => server.delete(`/v1/hooks?id=${id}`, { headers });
  expect((await remove()).body).toEqual({ ok: true, status: 'removed', id });
  for (const reply of [await remove(), await server.get(`/v1/hooks/deliveries?id=${id}`, { headers })])
    expect([reply.status, reply.body]).toEqual([200, { ok: false, status: 'not_found' }]);
});

test('the log tells of what waits', async () => {
  const server = await serve();
  const { id } = await create(server, { job: 'orders' });
  await acquire(server, 'orders:1', { ttl: 60 });
  await acquire(server, 'mails:1', { ttl: 60 });
  server.advance(60);
  await server.store.claims.reportDeaths(10);
  expect((await server.get(`/v1/hooks/deliveries?id=${id}&limit=5`)).body.items).toEqual([
    {
      ...{ event_id: expect.stringMatching(/^\d+$/) as string, type: 'run_died', key: 'orders:1' },
      ...{ at: '2026-11-15T10:01:00.000Z', attempts: 0, next_at: '2026-11-15T10:01:00.000Z' },
      ...{ delivered_at: null, status_code: null, error: null },
    },
  ]);
});

test('a tenant has a hundred hooks at most', async () => {
  const server = await serve();
  for (let n = 0; n < 100; n += 1) await create(server);
  const reply = await server.post('/v1/hooks', { url: URL_1, events: ['failed'] });
  expect([reply.status, reply.body]).toEqual([409, { detail: { error: 'too_many_hooks' } }]);
  await create(server, {}, await server.newKey({ tenant: 'else' }));
});

test.each([
  [{ url: undefined }, 'url', /missing/],
  [{ url: `https://example.org/${'x'.repeat(2_048)}` }, 'url', /2,048/],
  [{ url: 'example.org/hook' }, 'url', /begins with https/],
  [{ url: 'ftp://example.org/' }, 'url', /begins with https/],
  [{ url: 'https://user:secret@example.org/' }, 'url', /user name or password/],
  [{ url: 'https://example.org/#' }, 'url', /after #/],
  [{ url: 'http://127.0.0.1:8787/' }, 'url', /ONCEONLY_HOOK_PRIVATE_ADDRESSES/],
  [{ events: undefined }, 'events', /missing/],
  [{ events: [] }, 'events', /1 to 12 items/],
  [{ events: ['died'] }, 'events', /“run_died”/],
  [{ events: ['failed'], job: 5 }, 'job', /text/],
])('%j is refused, naming %s', async (body, field, words) => {
  const server = await serve();
  const reply = await server.post('/v1/hooks', { url: URL_1, events: ['failed'], ...body });
  expect(reply.status).toBe(422);
  const fault = reply.body.detail.find(({ loc }) => loc[0] === 'body' && loc[1] === field);
  expect(fault?.msg).toMatch(words);
  expect(idsOf(await server.get('/v1/hooks'))).toEqual([]);
});

test('reading the log and removing take an id', async () => {
  const server = await serve();
  for (const reply of [await server.delete('/v1/hooks'), await server.get('/v1/hooks/deliveries')])
    expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['query', 'id']]);
});

test('where it is allowed, a hook may lead to this machine', async () => {
  const server = await serve({ config: { rateLimitPerMinute: 0, hookPrivateAddresses: true } });
  const url = 'http://localhost:9/';
  expect(await create(server, { url })).toMatchObject({ url });
});
