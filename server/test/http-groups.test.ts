import { createWaiting } from '../src/claims/waiting.ts';
import { claimOf } from './store/fixture.ts';
import { acquire, serve, type TestServer } from './support.ts';

const never = new AbortController().signal;

/** A wait that is told when its look at a key begins, and of each claim. */
function watchedWaiting({ store }: TestServer) {
  const seen = { claims: 0, reads: [] as string[] };
  let looked: (() => void) | undefined;
  const waiting = createWaiting(
    {
      claim(claim) {
        seen.claims += 1;
        return store.claims.claim(claim);
      },
      async read(read) {
        const answer = await store.claims.read(read);
        seen.reads.push(read.key);
        looked?.();
        return answer;
      },
    },
    { pollEveryMs: 60_000 },
  );
  return { ...waiting, seen, nextLook: () => new Promise<void>((resolve) => (looked = resolve)) };
}

test('a claim that waits for its group is woken when the key that has it ends, and counts as no duplicate', async () => {
  const server = await serve();
  const lease = await acquire(server, 'a', { group: 'g' });
  const waiting = watchedWaiting(server);
  const looked = waiting.nextLook();
  const waiter = waiting.claim(claimOf('b', { group: 'g', holder: 'h' }), 20_000, never);
  await looked;
  await server.post('/v1/ai/complete', { key: 'a', lease_id: lease });
  waiting.changed('acme', 'a');
  expect(await waiter).toMatchObject({ outcome: 'acquired' });
  expect(waiting.seen.claims).toBe(2);
  expect(new Set(waiting.seen.reads)).toEqual(new Set(['a']));
  const told = await server.store.events.recent({ tenant: 'acme', limit: 10 });
  expect(told.map(({ type, key }) => `${type} ${key}`)).toEqual(['claimed b', 'completed a', 'claimed a']);
});

test('it goes on to wait for the next key that takes the group', async () => {
  const server = await serve();
  const first = await acquire(server, 'a', { group: 'g' });
  const waiting = watchedWaiting(server);
  let looked = waiting.nextLook();
  const waiter = waiting.claim(claimOf('c', { group: 'g', holder: 'h' }), 20_000, never);
  await looked;
  await server.post('/v1/ai/complete', { key: 'a', lease_id: first });
  const second = await acquire(server, 'b', { group: 'g' });
  looked = waiting.nextLook();
  waiting.changed('acme', 'a');
  await looked;
  looked = waiting.nextLook();
  await looked;
  await server.post('/v1/ai/complete', { key: 'b', lease_id: second });
  waiting.changed('acme', 'b');
  expect(await waiter).toMatchObject({ outcome: 'acquired' });
  expect(new Set(waiting.seen.reads)).toEqual(new Set(['a', 'b']));
});

test('a claim of the run that has the group is told so at once, as is one that a person holds up', async () => {
  const server = await serve();
  await acquire(server, 'a', { group: 'g', run: 'r', sequence: 2, on_expired: 'block', ttl: 60 });
  const ask = (more: object) =>
    server.post('/v1/ai/lease', { key: 'b', holder: 'h', wait: 25, group: 'g', ...more });
  expect((await ask({ run: 'r' })).body).toMatchObject({
    ...{ status: 'in_progress', busy: 'group', busy_key: 'a', same_run: true },
    ...{ lease_id: null, charged: 0, ttl_left: 60, idempotency_key: null },
  });
  server.advance(61);
  expect((await ask({ sequence: 1 })).body).toMatchObject({
    ...{ status: 'unresolved', busy: 'group', busy_key: 'a', same_run: false, expires_at: null },
  });
});

test('of the changes of one group in a batch the newest is claimed first', async () => {
  const server = await serve();
  const items = [
    { key: 'a', group: 'g', sequence: '2026-11-14T10:00:00Z' },
    { key: 'x' },
    { key: 'b', group: 'g', sequence: '2026-11-14T12:00:00.250+01:00' },
    { key: 'c', group: 'g', sequence: 'not a date' },
    { key: 'd', group: 'g', sequence: '2026-11-13' },
  ];
  const { body } = await server.post('/v1/ai/lease/batch', { items });
  expect(body.items.map(({ status, busy_key }) => [status, busy_key])).toEqual([
    ['in_progress', 'b'],
    ['acquired', undefined],
    ['acquired', undefined],
    [undefined, undefined],
    ['in_progress', 'b'],
  ]);
  expect(body.items[3]?.error).toMatchObject({ status: 422, detail: [{ loc: ['body', 'sequence'] }] });
});

test('a sequence that cannot be told, or counts in nothing, is refused by its name', async () => {
  const server = await serve();
  const wrong = [1e300, '29/11/2026', 'Sat, 14 Nov 2026 10:00:00 GMT', '2026-02-31', '', true, 2 ** 53];
  for (const sequence of wrong) {
    const { status, body } = await server.post('/v1/ai/lease', { key: 'k', group: 'g', sequence });
    expect([sequence, status, body.detail[0]?.loc]).toEqual([sequence, 422, ['body', 'sequence']]);
    expect(body.detail[0]?.msg).toContain('a number');
  }
  const lonely = await server.post('/v1/ai/lease', { key: 'k', sequence: 1 });
  expect(lonely).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'group'] }] } });
  const lock = await server.post('/v1/check-lock', { key: 'k', group: 'g' });
  expect(lock).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'group'] }] } });
});

test('a mistake in the place of a key is a refusal, or an outcome to those who ask for outcomes', async () => {
  const server = await serve();
  await acquire(server, 'k', { group: 'g', sequence: 1 });
  const ask = (body: object, headers = {}) => server.post('/v1/ai/lease', body, { headers });
  const mistakes = {
    group_mismatch: { key: 'k', group: 'other' },
    sequence_kind: { key: 'b', group: 'g', sequence: '2026-11-14' },
    sequence_ahead: { key: 'b', group: 'h', sequence: '2126-11-14' },
  };
  for (const [error, body] of Object.entries(mistakes)) {
    expect(await ask(body)).toMatchObject({ status: 422, body: { detail: { error } } });
    const outcome = await ask(body, { 'x-onceonly-outcomes': '200' });
    expect(outcome).toMatchObject({ status: 200, body: { ok: false, status: error } });
  }
});

test('an operator clears what is completed in a group', async () => {
  const server = await serve();
  const lease = await acquire(server, 'a', { group: 'g', sequence: 2 });
  await server.post('/v1/ai/complete', { key: 'a', lease_id: lease });
  const older = { key: 'b', group: 'g', sequence: 1 };
  expect((await server.post('/v1/ai/lease', older)).body).toMatchObject({ status: 'stale', newest: '2' });
  const apiKey = await server.newKey({ role: 'operator' });
  const clear = (body: object) => server.post('/v1/groups/clear-mark', body, { apiKey });
  expect((await clear({ group: 'g' })).body).toEqual({
    ok: true,
    status: 'cleared',
    group: 'g',
    newest: '2',
  });
  expect((await clear({ group: 'unknown' })).status).toBe(404);
  expect((await server.post('/v1/groups/clear-mark', { group: 'g' })).status).toBe(403);
  expect((await server.post('/v1/ai/lease', older)).body).toMatchObject({ status: 'acquired' });
});
