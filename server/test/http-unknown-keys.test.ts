import { randomBytes } from 'node:crypto';
import { createApiKey, createApiKeyLookup, type ApiKeyStore } from '../src/api-keys.ts';
import { createGuard, guardKeys } from '../src/http/unknown-keys.ts';
import type { Store } from '../src/store/store.ts';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { serve, type Reply, type TestServer } from './support.ts';

/* Requests without a valid key must cost those with one nothing. */

const madeUp = (): string => `once_live_${randomBytes(32).toString('base64url')}`;
const CONFIG = { rateLimitPerMinute: 0, hookPrivateAddresses: false };

/** A server whose look-ups of API keys are counted, or answered as the test says. */
async function serveCounting(config: object = {}, find?: ApiKeyStore['find']) {
  const good = await serve();
  let asked = 0;
  const apiKeys: ApiKeyStore = {
    ...good.store.apiKeys,
    find: (hash) => ((asked += 1), (find ?? good.store.apiKeys.find)(hash)),
    findById: (id) => ((asked += 1), good.store.apiKeys.findById(id)),
  };
  const store: Store = { ...good.store, apiKeys, close: () => Promise.resolve() };
  const server = await serve({ store, clock: good.now, config: { ...CONFIG, ...config } });
  return { server, good, asked: () => asked };
}

const me = (server: TestServer, apiKey: string, from?: string): Promise<Reply> =>
  server.get('/v1/me', { apiKey, headers: from === undefined ? {} : { 'x-forwarded-for': from } });
const status = async (reply: Promise<Reply>): Promise<number> => (await reply).status;

test('a key that is unknown is asked for once in two seconds, however many send it at once', async () => {
  const { server, good, asked } = await serveCounting();
  const apiKey = madeUp();
  expect(await Promise.all(Array.from({ length: 20 }, () => status(me(server, apiKey))))).toEqual(
    Array(20).fill(403),
  );
  await me(server, apiKey);
  expect(asked()).toBe(1);
  good.advance(2);
  await me(server, apiKey);
  expect(asked()).toBe(2);
});

test('a good key that many requests bring to a server that has just started is looked up once, and none is refused', async () => {
  const { apiKeys, now } = await serve().then(({ store, now: clock }) => ({
    apiKeys: store.apiKeys,
    now: clock,
  }));
  const { secret, apiKey } = await createApiKey(apiKeys, { tenant: 'acme', role: 'automation' });
  const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>();
  let asked = 0;
  const slow: ApiKeyStore['find'] = async (hash) => {
    asked += 1;
    await answered;
    return apiKeys.find(hash);
  };
  const find = guardKeys(createApiKeyLookup({ find: slow }, now), createGuard());
  const found = Array.from({ length: 200 }, async () => find(secret, '203.0.113.9'));
  answer(undefined);
  expect(await Promise.all(found)).toEqual(Array(200).fill(apiKey));
  expect(asked).toBe(1);
});

test('sixty unknown keys a minute of one address are looked up; keys that were good before pass', async () => {
  const { server, asked } = await serveCounting();
  expect(await status(me(server, server.apiKey))).toBe(200);
  for (let n = 0; n < 60; n += 1) expect(await status(me(server, madeUp()))).toBe(403);
  const before = asked();
  const refused = await me(server, madeUp());
  expect([refused.status, refused.body]).toEqual([429, { detail: { error: 'rate_limited' } }]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const cookie = `onceonly_session=key_madeUp.9999999999.${'A'.repeat(43)}`;
  expect((await server.get('/v1/keys', { apiKey: null, headers: { cookie } })).status).toBe(429);
  expect(asked()).toBe(before);
  expect(await status(me(server, server.apiKey))).toBe(200);
  // Nobody may say that he is somebody else.
  expect(await status(me(server, madeUp(), '203.0.113.9'))).toBe(429);
});

test('behind a proxy that is trusted, each caller has a limit of his own', async () => {
  const { server } = await serveCounting({ trustedProxies: ['127.0.0.1'] });
  for (let n = 0; n < 60; n += 1) await me(server, madeUp(), `2001:db8::${String(n)}`);
  expect(await status(me(server, madeUp(), '2001:db8::ffff'))).toBe(429);
  expect(await status(me(server, madeUp(), '2001:db8:1::1'))).toBe(403);
  expect(await status(me(server, madeUp(), '203.0.113.9'))).toBe(403);
});

test('however many addresses send unknown keys, so many are looked up at once, and good keys do not wait', async () => {
  const held: (() => void)[] = [];
  const finds: { now?: ApiKeyStore['find'] } = {};
  const { server, good } = await serveCounting({ trustedProxies: ['127.0.0.1'] }, (hash) => {
    if (finds.now !== undefined) return finds.now(hash);
    return good.store.apiKeys.find(hash);
  });
  expect(await status(me(server, server.apiKey))).toBe(200);
  good.advance(2);
  const known = await good.store.apiKeys.list();
  finds.now = (hash) => {
    if (known.some((each) => each.hash === hash)) return good.store.apiKeys.find(hash);
    return new Promise((resolve) => {
      held.push(() => {
        resolve(null);
      });
    });
  };
  const replies = Array.from({ length: 40 }, (_, n) =>
    status(me(server, madeUp(), `203.0.113.${String(n)}`)),
  );
  const first = await Promise.race(replies);
  expect(first).toBe(429);
  expect(await status(me(server, server.apiKey))).toBe(200);
  while (held.length < 32) await new Promise(setImmediate);
  for (const answer of held) answer();
  const all = await Promise.all(replies);
  expect(all.filter((each) => each === 403)).toHaveLength(32);
  expect(all.filter((each) => each === 429)).toHaveLength(8);
});

test('/readyz asks the store once in a second, and one line a second is logged for one cause', async () => {
  const good = await serve();
  let checked = 0;
  const gone = (): Promise<never> => Promise.reject(new StoreUnavailable('The disk is gone.'));
  const check = (): Promise<never> => ((checked += 1), gone());
  const store = { ...good.store, claims: { ...good.store.claims, claim: gone }, check, close: gone };
  const server = await serve({ store: { ...store, close: () => Promise.resolve() } });
  const since = performance.now();
  const replies = await Promise.all([
    ...Array.from({ length: 50 }, () => server.get('/readyz', { apiKey: null })),
    ...Array.from({ length: 50 }, () => server.post('/v1/ai/lease', { key: 'k' })),
  ]);
  const seconds = Math.ceil((performance.now() - since) / 1_000);
  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([503]));
  expect(checked).toBeLessThanOrEqual(seconds);
  const errors = server.logs.filter((line) => line.includes('"level":50'));
  for (const cause of ['not ready', 'request failed']) {
    const lines = errors.filter((line) => line.includes(`"msg":"${cause}"`));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(seconds);
  }
  expect(errors.length).toBeLessThanOrEqual(2 * seconds);
});
