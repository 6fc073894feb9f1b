import { Deviation, asJson, type ServerUnderTest, type Promised } from './server-under-test.ts';
import {
  above,
  COUNT,
  expectMembers,
  expectRefusal,
  expectReply,
  HELD,
  INSTANT,
  other,
  SECONDS,
  TEXT,
} from './expect.ts';

const AT_ONCE = 10;

/** Expects that the key is locked already. Some installations answer this with HTTP 409. */
async function expectDuplicate(server: ServerUnderTest, key: string): Promise<void> {
  const reply = await server.post('/v1/check-lock', { key, ttl: 60 });
  if (reply.status === 409) {
    const { detail } = expectReply(reply, 409);
    expectMembers(typeof detail === 'object' && detail !== null ? { ...detail } : {}, {
      first_seen_at: INSTANT,
    });
    return;
  }
  expectReply(reply, 200, { success: false, status: 'duplicate', key, first_seen_at: INSTANT });
  expectMembers(Object.fromEntries(reply.headers), { 'x-onceonly-status': 'duplicate' });
}

/** The behaviour of the hosted API on which clients rely. */
export const hosted: readonly Promised[] = [
  {
    call: 'GET /v1/me',
    says: 'A request without a key is refused with 401, one with an unknown key with 403.',
    async check(server) {
      expectReply(await server.as(null).get('/v1/me'), 401, { detail: 'Missing Authorization Bearer token' });
      const unknown = server.as(`once_live_${'A'.repeat(43)}`);
      expectReply(await unknown.get('/v1/me'), 403, { detail: 'Invalid API key' });
    },
  },
  {
    call: 'GET /v1/me',
    says: 'It names the plan.',
    check: async (server) => void expectReply(await server.get('/v1/me'), 200, { plan: TEXT }),
  },
  {
    call: 'any',
    says: 'X-Request-Id comes back.',
    async check(server) {
      const headers = { 'x-request-id': 'conformance-1' };
      const reply = await server.post('/v1/check-lock', { key: server.newKey(), ttl: 60 }, headers);
      expectMembers(Object.fromEntries(reply.headers), headers);
    },
  },
  {
    call: 'POST /v1/check-lock',
    says: 'The first is told locked, the next duplicate, until ttl has passed.',
    async check(server) {
      const key = server.newKey();
      const first = await server.post('/v1/check-lock', { key, ttl: 60, metadata: { of: 'conformance' } });
      expectReply(first, 200, { success: true, status: 'locked', key, ttl: 60, first_seen_at: null });
      expectMembers(Object.fromEntries(first.headers), { 'x-onceonly-status': 'locked' });
      await expectDuplicate(server, key);
      const short = server.newKey();
      await server.post('/v1/check-lock', { key: short, ttl: 1 });
      await server.pass(1);
      expectReply(await server.post('/v1/check-lock', { key: short, ttl: 1 }), 200, { status: 'locked' });
    },
  },
  {
    call: 'POST /v1/check-lock',
    says: 'Of many at once one is locked.',
    async check(server) {
      const key = server.newKey();
      const ask = () => server.post('/v1/check-lock', { key, ttl: 60 });
      const all = await Promise.all(Array.from({ length: AT_ONCE }, ask));
      expectWinners(all.filter(({ body }) => body?.['status'] === 'locked').length);
    },
  },
  {
    call: 'POST /v1/check-lock',
    says: 'Its keys are a space of their own.',
    async check(server) {
      const { key } = await server.acquire(server.newKey());
      expectReply(await server.post('/v1/check-lock', { key, ttl: 60 }), 200, { status: 'locked' });
    },
  },
  {
    call: 'POST /v1/ai/lease',
    says: 'The winner is told acquired, with a lease; others that it is held, and when to come again.',
    async check(server) {
      const key = server.newKey();
      const { answer } = await server.acquire(key);
      const untouched = { done_at: null, result_hash: null, error_code: null };
      expectMembers(answer, { ok: true, key, ttl: 60, version: COUNT, charged: 1, ...untouched });
      const told = { key, ttl_left: SECONDS, retry_after_sec: SECONDS, charged: 0 };
      expectReply(await server.post('/v1/ai/lease', { key, ttl: 60 }), 200, { status: HELD, ...told });
    },
  },
  {
    call: 'POST /v1/ai/lease',
    says: 'Of many at once one wins.',
    async check(server) {
      const key = server.newKey();
      const ask = () => server.post('/v1/ai/lease', { key, ttl: 60 });
      const all = await Promise.all(Array.from({ length: AT_ONCE }, ask));
      const winners = all.filter(({ body }) => body?.['status'] === 'acquired');
      await Promise.all(
        winners.map(({ body }) => server.post('/v1/ai/cancel', { key, lease_id: body?.['lease_id'] })),
      );
      expectWinners(winners.length);
    },
  },
  {
    call: 'POST /v1/ai/lease',
    says: 'After the end of a lease the next claim takes over; the old lease is lost and changes nothing.',
    async check(server) {
      const old = await server.acquire(server.newKey(), { ttl: 1 });
      await server.pass(1);
      const { answer } = await server.acquire(old.key);
      expectMembers(answer, { lease_id: other(old.lease_id), version: above(Number(old.answer['version'])) });
      const late = { key: old.key, lease_id: old.lease_id };
      expectRefusal(await server.post('/v1/ai/complete', late), 409, 'lease_lost');
      expectReply(await server.get('/v1/ai/status', { key: old.key }), 200, { status: 'in_progress' });
    },
  },
  {
    call: 'POST /v1/ai/complete',
    says: 'The key is completed for all that come, and its result is read.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      const running = { status: 'in_progress', result: null };
      expectReply(await server.get('/v1/ai/result', { key }), 200, running);
      const result = { invoice: 'in_1', lines: [1, { deep: null }] };
      const done = await server.post('/v1/ai/complete', { key, lease_id, result, result_hash: 'h1' });
      expectReply(done, 200, { ok: true, status: 'completed', key });
      const claim = await server.post('/v1/ai/lease', { key, ttl: 60 });
      expectReply(claim, 200, { status: 'completed', done_at: INSTANT, result_hash: 'h1', charged: 0 });
      const read = { ok: true, status: 'completed', key, result, result_hash: 'h1', done_at: INSTANT };
      expectReply(await server.get('/v1/ai/result', { key }), 200, read);
    },
  },
  {
    call: 'POST /v1/ai/complete',
    says: 'Sent again it answers the same, and the first result stands; a failure after it is refused.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      await server.post('/v1/ai/complete', { key, lease_id, result: { n: 1 } });
      const again = await server.post('/v1/ai/complete', { key, lease_id, result: { n: 2 } });
      expectReply(again, 200, { status: 'completed' });
      const fail = await server.post('/v1/ai/fail', { key, lease_id, error_code: 'late' });
      expectRefusal(fail, 409, 'already_finished');
      expectReply(await server.get('/v1/ai/result', { key }), 200, { status: 'completed', result: { n: 1 } });
    },
  },
  {
    call: 'POST /v1/ai/extend',
    says: 'The lease ends later, and the version grows.',
    async check(server) {
      const { key, lease_id, answer } = await server.acquire(server.newKey(), { ttl: 30 });
      const version = Number(answer['version']) + 1;
      const extended = await server.post('/v1/ai/extend', { key, lease_id, ttl: 90 });
      expectReply(extended, 200, { ok: true, status: 'extended', key, ttl: 90, version });
      const status = await server.get('/v1/ai/status', { key });
      expectReply(status, 200, { status: 'in_progress', ttl_left: above(60) });
    },
  },
  {
    call: 'POST /v1/ai/fail',
    says: 'The key has failed, for all that come.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      const failed = await server.post('/v1/ai/fail', { key, lease_id, error_code: 'card_declined' });
      expectReply(failed, 200, { ok: true, status: 'failed' });
      const told = { status: 'failed', error_code: 'card_declined' };
      expectReply(await server.post('/v1/ai/lease', { key, ttl: 60 }), 200, told);
      expectReply(await server.get('/v1/ai/status', { key }), 200, told);
    },
  },
  {
    call: 'POST /v1/ai/cancel',
    says: 'The key is given up, and may be claimed at once.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      expectReply(await server.post('/v1/ai/cancel', { key, lease_id }), 200);
      expectMembers((await server.acquire(key)).answer, { lease_id: other(lease_id) });
    },
  },
  {
    call: 'any',
    says: 'What was never claimed is not found: 404.',
    async check(server) {
      const key = server.newKey();
      expectRefusal(await server.get('/v1/ai/status', { key }), 404, 'not_found');
      expectRefusal(await server.get('/v1/ai/result', { key }), 404, 'not_found');
      const finish = { key, lease_id: '00000000-0000-4000-8000-000000000000' };
      expectRefusal(await server.post('/v1/ai/complete', finish), 404, 'not_found');
    },
  },
  {
    call: 'any',
    says: 'A request that cannot be used is refused with 422 and a reason.',
    async check(server) {
      for (const body of [{ ttl: 60 }, { key: 'k'.repeat(257), ttl: 60 }, { key: server.newKey(), ttl: 0 }]) {
        const { detail } = expectReply(await server.post('/v1/ai/lease', body), 422);
        if (typeof detail !== 'string' && !Array.isArray(detail))
          throw new Deviation(`“detail” is ${asJson(detail)}.`);
      }
    },
  },
  {
    call: 'GET /v1/usage, /v1/usage/all, /v1/events, /v1/metrics',
    says: 'They are there.',
    async check(server) {
      expectReply(await server.get('/v1/usage', { kind: 'ai' }), 200);
      expectReply(await server.get('/v1/usage/all'), 200);
      expectReply(await server.get('/v1/events', { limit: '1' }), 200);
      expectReply(await server.get('/v1/metrics'), 200);
    },
  },
];

function expectWinners(count: number): void {
  if (count !== 1) throw new Deviation(`${String(count)} of ${String(AT_ONCE)} won.`);
}
