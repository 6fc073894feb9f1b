import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyPage, ListQuery } from '../src/claims/claim-store.ts';
import { openStore } from '../src/store/open.ts';
import { serve, temporaryDirectory } from './support.ts';

/** A real store but for its list: so many keys that looks find none of a rare status for long. */
async function looking(list: (query: ListQuery) => Promise<KeyPage>) {
  const store = await openStore(`sqlite:${await temporaryDirectory()}/claims.db`, { clock: Date.now });
  const server = await serve({ store: { ...store, claims: { ...store.claims, list } } });
  const apiKey = await server.newKey({ role: 'operator' });
  return () => server.get('/v1/keys?status=unresolved', { apiKey });
}

test('a page is empty only after the last, since there are callers who take an empty one for the end', async () => {
  const seen: (string | null)[] = [];
  const next = ['a', 'b', null];
  const look = await looking(({ cursor }) => {
    seen.push(cursor);
    return Promise.resolve({ items: [], cursor: next[seen.length - 1] ?? null, now: 0 });
  });
  const reply = await look();
  expect([reply.status, reply.body]).toEqual([200, { items: [], cursor: null }]);
  expect(seen).toEqual([null, 'a', 'b']);
});

test('what takes longer than five seconds is to be asked again', async () => {
  const look = await looking(async () => {
    await sleep(1_800);
    return { items: [], cursor: 'a', now: 0 };
  });
  const reply = await look();
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
  expect(reply.text).toContain('Ask again, or name more of how the keys begin.');
});

test('what would not count in a decision is refused, and changes nothing', async () => {
  const server = await serve();
  const operator = { apiKey: await server.newKey({ role: 'operator' }) };
  const resolve = (more: object) =>
    server.post('/v1/keys/resolve', { key: 'k', version: 1, ...more }, operator);
  await server.post('/v1/ai/lease', { key: 'k' });
  for (const more of [
    { outcome: 'failed', result: { invoice: 'in_1' } },
    { outcome: 'released', result: {} },
    { outcome: 'completed', retryable: true },
  ]) {
    const reply = await resolve(more);
    expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['body', Object.keys(more)[1]]]);
  }
  const decided = await resolve({ outcome: 'failed', result: null, retryable: true });
  expect(decided.body).toMatchObject({ status: 'failed', retryable: true });
});
