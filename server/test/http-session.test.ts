import { serve, type Reply, type TestServer } from './support.ts';

const OF_PAGE = { 'x-onceonly-page': '1' };

async function signIn(
  server: TestServer,
  apiKey: string,
  headers: Record<string, string> = OF_PAGE,
): Promise<Reply> {
  return server.post('/v1/session', { api_key: apiKey }, { apiKey: null, headers });
}

/** What a browser sends back of a reply's cookie. */
const cookieOf = ({ headers }: Reply): string => headers.get('set-cookie')?.split(';', 1)[0] ?? '';

async function begin(server: TestServer): Promise<{ cookie: string; operatorKey: string }> {
  const operatorKey = await server.newKey({ role: 'operator' });
  return { cookie: cookieOf(await signIn(server, operatorKey)), operatorKey };
}

const look = (server: TestServer, cookie: string): Promise<Reply> =>
  server.get('/v1/keys', { apiKey: null, headers: { cookie } });

test('an operator key begins a session, in a cookie that no script and no other site can use', async () => {
  const server = await serve();
  const operatorKey = await server.newKey({ role: 'operator' });
  const reply = await signIn(server, operatorKey);
  expect(reply.status).toBe(200);
  const cookie = reply.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^onceonly_session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(operatorKey.slice('once_live_'.length));
  const seen = await look(server, cookieOf(reply));
  expect([seen.status, seen.headers.get('cache-control')]).toEqual([200, 'no-store']);
});

test.each([{ 'x-forwarded-proto': 'https' }, { origin: 'https://once.example.com' }])(
  'the cookie is for https and this host alone where the browser came by it: %j',
  async (headers) => {
    const server = await serve();
    const operatorKey = await server.newKey({ role: 'operator' });
    const reply = await signIn(server, operatorKey, { ...OF_PAGE, ...headers });
    expect(reply.headers.get('set-cookie')).toMatch(
      /^__Host-onceonly_session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect((await look(server, cookieOf(reply))).status).toBe(200);

    // A neighbour's host can set the name without the prefix only, and that one stands for nobody here.
    const plain = cookieOf(await signIn(server, operatorKey));
    const lookFrom = (cookie: string): Promise<Reply> =>
      server.get('/v1/keys', { apiKey: null, headers: { cookie, ...headers } });
    expect((await lookFrom(`${plain}; ${cookieOf(reply)}`)).status).toBe(200);
    expect((await lookFrom(`onceonly_session=of.a.neighbour; ${cookieOf(reply)}`)).status).toBe(200);
    expect((await lookFrom(plain)).status).toBe(401);

    const out = await server.delete('/v1/session', { apiKey: null, headers: { ...OF_PAGE, ...headers } });
    expect(out.headers.get('set-cookie')).toMatch(
      /^__Host-onceonly_session=; Path=\/; Max-Age=0;.*; Secure$/,
    );
  },
);

test('other keys begin none, and no answer shows what was sent', async () => {
  const server = await serve();
  const automation = await signIn(server, server.apiKey);
  expect([automation.status, automation.headers.get('set-cookie')]).toEqual([403, null]);
  expect(automation.body.detail.message).toMatch(/use one with the role operator/);
  for (const sent of [`once_live_${'A'.repeat(43)}`, 'a secret of somebody', 7, null]) {
    const reply = await server.post('/v1/session', { api_key: sent }, { apiKey: null, headers: OF_PAGE });
    expect([reply.status, reply.body, reply.headers.get('set-cookie')]).toEqual([
      403,
      { detail: 'Invalid API key' },
      null,
    ]);
  }
  expect(server.logs.join('')).not.toContain(server.apiKey);
});

test('with a session, only pages of this server change something', async () => {
  const server = await serve();
  const { cookie, operatorKey } = await begin(server);
  const { body } = await server.post('/v1/ai/lease', { key: 'k' });
  const resolve = (headers: Record<string, string>): Promise<Reply> =>
    server.post(
      '/v1/keys/resolve',
      { key: 'k', version: body.version, outcome: 'completed' },
      { apiKey: null, headers: { cookie, ...headers } },
    );
  const others: readonly Record<string, string>[] = [
    {},
    { ...OF_PAGE, 'sec-fetch-site': 'cross-site' },
    { ...OF_PAGE, 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of others) {
    const refused = await resolve(headers);
    expect([refused.status, refused.body.detail.error]).toEqual([403, 'not_of_a_page']);
    expect((await signIn(server, operatorKey, headers)).status).toBe(403);
  }
  expect((await resolve({ ...OF_PAGE, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

test('a session ends after twelve hours, and at once when its API key is revoked', async () => {
  const server = await serve();
  const { cookie } = await begin(server);
  server.advance(12 * 3_600 - 1);
  expect((await look(server, cookie)).status).toBe(200);
  server.advance(1);
  const ended = await look(server, cookie);
  expect([ended.status, ended.body.detail.error]).toEqual([401, 'session_ended']);

  const again = await begin(server);
  const [id = ''] = again.cookie.replace('onceonly_session=', '').split('.', 1);
  expect(await server.store.apiKeys.revoke(id)).toBe(true);
  expect((await look(server, again.cookie)).status).toBe(401);
});

test('every server on the store takes a session, and no changed one', async () => {
  const server = await serve();
  const { cookie } = await begin(server);
  const other = await serve({ store: server.store, clock: server.now });
  expect((await look(other, cookie)).status).toBe(200);
  const [name, token = ''] = cookie.split('=', 2);
  const [id = '', end = '', mac = ''] = token.split('.');
  const automation = (await server.store.apiKeys.list()).find(({ role }) => role === 'automation');
  for (const made of [
    [id, String(Number(end) + 60), mac],
    [automation?.id, end, mac],
    ['key_AAAAAAAAAAAA', end, mac],
    [id, end, `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`],
    [id, end],
    ['', '', ''],
  ]) {
    expect((await look(server, `${name ?? ''}=${made.join('.')}`)).status).toBe(401);
  }
});

test('signing out takes the cookie back', async () => {
  const server = await serve();
  const { cookie } = await begin(server);
  const reply = await server.delete('/v1/session', { apiKey: null, headers: { cookie, ...OF_PAGE } });
  expect(reply.headers.get('set-cookie')).toMatch(/^onceonly_session=; Path=\/; Max-Age=0;/);
});

test('more than twenty attempts a minute are refused, whoever makes them', async () => {
  const server = await serve();
  const operatorKey = await server.newKey({ role: 'operator' });
  for (let attempt = 0; attempt < 20; attempt += 1) await signIn(server, 'wrong');
  const refused = await signIn(server, operatorKey);
  expect([refused.status, refused.body.detail.error]).toEqual([429, 'rate_limited']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // Programs go on.
  expect((await server.get('/v1/keys', { apiKey: operatorKey })).status).toBe(200);
});

test('the page comes with a policy that lets nothing in but its own files', async () => {
  const server = await serve();
  const page = await server.get('/', { apiKey: null });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'/,
  );
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(parts.length).toBe(3);
  for (const path of parts) {
    const part = await server.get(`/${path}`, { apiKey: null });
    expect([part.status, part.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
  }
});

test.each([
  ['gzip, br', 'gzip'],
  ['identity', null],
  ['br, gzip;q=0', null],
])('a browser that takes %s gets the page as %s', async (takes, encoding) => {
  const { url } = await serve();
  const response = await fetch(url, { headers: { 'accept-encoding': takes } });
  expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual([
    encoding,
    'accept-encoding',
  ]);
  expect(await response.text()).toContain('<div id="page">');
});
