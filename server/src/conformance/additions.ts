import { claim, type Promised } from './server-under-test.ts';
import {
  above,
  expectMembers,
  expectRefusal,
  expectReply,
  INSTANT,
  LIST,
  NONE,
  other,
  UUID,
} from './expect.ts';
import { groups } from './groups.ts';

const OUTCOMES = { 'x-onceonly-outcomes': '200' };

/** What the server of this project does beyond the hosted API. `GET /v1/me` lists which of these a server supports. */
export const additions: readonly Promised[] = [
  {
    capability: 'holder',
    call: 'POST /v1/ai/lease',
    says: 'A claim that is sent again by its holder finds its own lease; no other is shown it.',
    async check(server) {
      const key = server.newKey();
      const { lease_id } = await server.acquire(key, { holder: 'h1' });
      const own = { status: 'acquired', lease_id, reentrant: true, attempt: 1, charged: 0 };
      expectReply(await claim(server, key, { holder: 'h1' }), 200, own);
      const others = await claim(server, key, { holder: 'h2' });
      expectReply(others, 200, { status: 'in_progress', lease_id: NONE });
      expectReply(await server.get('/v1/ai/status', { key }), 200, { lease_id: NONE });
      expectReply(await claim(server, key, { holder: key }), 422);
    },
  },
  {
    capability: 'holder',
    call: 'POST /v1/check-lock',
    says: 'A lock that is sent again by its holder is told locked.',
    async check(server) {
      const key = server.newKey();
      for (const status of ['locked', 'locked']) {
        const reply = await server.post('/v1/check-lock', { key, ttl: 60, holder: 'h1' });
        expectReply(reply, 200, { status });
      }
    },
  },
  {
    capability: 'holder',
    call: 'POST /v1/ai/complete',
    says: 'A holder that comes late counts, as long as nobody has taken over.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey(), { ttl: 1 });
      await server.pass(1);
      const done = await server.post('/v1/ai/complete', { key, lease_id, result: { late: true } });
      expectReply(done, 200, { status: 'completed' });
    },
  },
  {
    capability: 'run',
    call: 'POST /v1/ai/fail',
    says: 'A run as a whole fails all that it holds.',
    async check(server) {
      const key = server.newKey();
      const run = `run of ${key}`;
      await server.acquire(key, { run });
      const failed = await server.post('/v1/ai/fail', { run, error_code: 'died', retryable: true });
      expectReply(failed, 200);
      expectReply(await server.get('/v1/ai/status', { key }), 200, { status: 'failed', error_code: 'died' });
    },
  },
  {
    capability: 'fingerprint',
    call: 'POST /v1/ai/lease',
    says: 'The same key for another content is refused, and changes nothing.',
    async check(server) {
      const key = server.newKey();
      await server.acquire(key, { fingerprint: 'f1' });
      expectRefusal(await claim(server, key, { fingerprint: 'f2' }), 422, 'fingerprint_mismatch');
    },
  },
  ...groups,
  {
    capability: 'max_attempts',
    call: 'POST /v1/ai/lease',
    says: 'No more attempts are made than allowed.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey(), { max_attempts: 1 });
      await server.post('/v1/ai/fail', { key, lease_id, error_code: 'busy', retryable: true });
      expectReply(await claim(server, key), 200, { status: 'exhausted', error_code: 'busy' });
      expectReply(await server.get('/v1/ai/status', { key }), 200, { status: 'failed', exhausted: true });
    },
  },
  {
    capability: 'retention',
    call: 'POST /v1/ai/lease',
    says: 'A finished key is forgotten at the end of its retention, and not before.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey(), { retention: 4 });
      await server.post('/v1/ai/complete', { key, lease_id });
      expectReply(await claim(server, key), 200, { status: 'completed' });
      await server.pass(4);
      expectMembers((await server.acquire(key)).answer, { attempt: 1 });
    },
  },
  {
    capability: 'on_expired',
    call: 'POST /v1/ai/lease',
    says: 'With block nobody takes over from a run that died; its own end still counts.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey(), { ttl: 1, on_expired: 'block' });
      await server.pass(1);
      expectReply(await claim(server, key, { on_expired: 'retry' }), 200, { status: 'unresolved' });
      const seen = { status: 'in_progress', unresolved: true, ttl_left: 0 };
      expectReply(await server.get('/v1/ai/status', { key }), 200, seen);
      expectReply(await server.post('/v1/ai/complete', { key, lease_id }), 200, { status: 'completed' });
    },
  },
  {
    capability: 'wait',
    call: 'POST /v1/ai/lease',
    says: 'A claim waits for the end of the one in flight.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      const waiting = claim(server, key, { holder: 'h2', wait: 10 });
      await server.post('/v1/ai/complete', { key, lease_id, result: { n: 1 } });
      expectReply(await waiting, 200, { status: 'completed', result: { n: 1 } });
    },
  },
  {
    capability: 'outcomes_200',
    call: 'any, with X-OnceOnly-Outcomes: 200',
    says: 'What came of a key is HTTP 200.',
    async check(server) {
      const key = server.newKey();
      const finish = { key, lease_id: '00000000-0000-4000-8000-000000000000' };
      const missing = await server.post('/v1/ai/complete', finish, OUTCOMES);
      expectReply(missing, 200, { ok: false, status: 'not_found' });
      await server.acquire(key);
      const lost = await server.post('/v1/ai/complete', finish, OUTCOMES);
      expectReply(lost, 200, { ok: false, status: 'lease_lost' });
    },
  },
  {
    capability: 'batch',
    call: 'POST /v1/ai/lease/batch and /v1/ai/complete/batch',
    says: 'Each item has its own answer, in order; of one key one item wins.',
    async check(server) {
      const [a, b] = [server.newKey(), server.newKey()];
      const items = [a, b, a].map((key) => ({ key, ttl: 60 }));
      const claimed = itemsOf(
        expectReply(await server.post('/v1/ai/lease/batch', { items }), 200, { items: LIST }),
      );
      expectItems(claimed, [{ status: 'acquired' }, { status: 'acquired' }, { status: 'in_progress' }]);
      const ends = [
        { key: b, lease_id: '00000000-0000-4000-8000-000000000000' },
        ...[claimed[0], claimed[1]].map((item) => ({ key: item?.['key'], lease_id: item?.['lease_id'] })),
      ];
      const done = await server.post('/v1/ai/complete/batch', { items: ends });
      const answers = itemsOf(expectReply(done, 200, { items: LIST }));
      expectItems(answers.slice(1), [{ status: 'completed' }, { status: 'completed' }]);
      const refused = answers[0]?.['error'];
      expectMembers(isObject(refused) ? refused : {}, { status: 409 });
    },
  },
  {
    capability: 'reject_empty',
    call: 'POST /v1/ai/complete',
    says: 'An empty result fails the key, to be tried again.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      const empty = { key, lease_id, result: { text: ' ' }, reject_empty: true };
      expectReply(await server.post('/v1/ai/complete', empty), 200, {
        status: 'failed',
        error_code: 'empty_output',
      });
      expectMembers((await server.acquire(key)).answer, { attempt: 2 });
    },
  },
  {
    capability: 'truncate_result',
    call: 'POST /v1/ai/complete',
    says: 'A result that is too large is judged whole, then left out, and the key completed.',
    async check(server) {
      const { key, lease_id } = await server.acquire(server.newKey());
      const result = { text: ' '.repeat(70_000) };
      const body = { key, lease_id, result, truncate_result: true };
      expectReply(await server.post('/v1/ai/complete', { ...body, reject_empty: true }), 200, {
        status: 'failed',
        error_code: 'empty_output',
      });
      expectReply(await server.post('/v1/ai/complete', body), 200, { status: 'completed' });
      const read = await server.get('/v1/ai/result', { key });
      expectReply(read, 200, { result: { truncated: true } });
    },
  },
  {
    capability: 'retryable',
    call: 'POST /v1/ai/fail',
    says: 'After a failure that may be tried again, the next claim goes on; fences grow.',
    async check(server) {
      const { key, lease_id, answer } = await server.acquire(server.newKey());
      const failed = await server.post('/v1/ai/fail', { key, lease_id, error_code: 'busy', retryable: true });
      expectReply(failed, 200, { status: 'failed' });
      const next = (await server.acquire(key)).answer;
      expectMembers(next, { attempt: 2, error_code: NONE, fence: above(Number(answer['fence'])) });
    },
  },
  {
    capability: 'effect',
    call: 'POST /v1/ai/fail',
    says: 'Only a failure without any effect changes the idempotency key.',
    async check(server) {
      const first = await server.acquire(server.newKey());
      const { key } = first;
      const end = { key, error_code: 'busy', retryable: true };
      await server.post('/v1/ai/fail', { ...end, lease_id: first.lease_id });
      const second = await server.acquire(key);
      expectMembers(second.answer, { idempotency_key: first.answer['idempotency_key'] });
      await server.post('/v1/ai/fail', { ...end, lease_id: second.lease_id, effect: 'none' });
      const third = await server.acquire(key);
      expectMembers(third.answer, { idempotency_key: other(first.answer['idempotency_key']) });
    },
  },
  {
    capability: 'idempotency_key',
    call: 'POST /v1/ai/lease',
    says: 'A claim comes with a key for the APIs that take one, and says when it ends.',
    async check(server) {
      const { answer } = await server.acquire(server.newKey());
      expectMembers(answer, { idempotency_key: UUID, expires_at: INSTANT, attempt: 1 });
    },
  },
  {
    capability: 'hooks',
    call: 'GET /v1/hooks',
    says: 'Hooks are listed.',
    check: async (server) => void expectReply(await server.get('/v1/hooks'), 200, { items: LIST }),
  },
  {
    capability: 'derive',
    call: 'POST /v1/keys/derive',
    says: 'The same content makes the same key, and another content another.',
    async check(server) {
      const derive = async (order: number) => {
        const body = { job: 'conformance', source: 'generic', payload: { order } };
        return expectReply(await server.post('/v1/keys/derive', body), 200)['key'];
      };
      const first = await derive(1);
      expectMembers({ again: await derive(1), next: await derive(2) }, { again: first, next: other(first) });
    },
  },
  {
    capability: 'keys',
    operator: true,
    call: 'GET /v1/keys',
    says: 'A claimed key is listed by its prefix.',
    async check(server) {
      const { key } = await server.acquire(server.newKey());
      const reply = await server.get('/v1/keys', { prefix: key, limit: '10' });
      expectItems(itemsOf(expectReply(reply, 200, { items: LIST })).slice(0, 1), [
        { key, status: 'in_progress' },
      ]);
    },
  },
  {
    capability: 'resolve',
    operator: true,
    call: 'POST /v1/keys/resolve',
    says: "A person's word counts, on the version that they saw; the lease in hand dies with it.",
    async check(server) {
      const { key, lease_id, answer } = await server.acquire(server.newKey());
      const version = Number(answer['version']);
      const word = { key, outcome: 'completed', result: { by: 'hand' } };
      const stale = await server.post('/v1/keys/resolve', { ...word, version: version + 7 });
      expectRefusal(stale, 409, 'changed');
      expectReply(await server.post('/v1/keys/resolve', { ...word, version }), 200, { status: 'completed' });
      expectRefusal(await server.post('/v1/ai/fail', { key, lease_id, error_code: 'x' }), 409, 'lease_lost');
    },
  },
];

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const itemsOf = ({ items }: Members): readonly Members[] =>
  Array.isArray(items) ? items.filter(isObject) : [];

function expectItems(items: readonly Members[], wanted: readonly Members[]): void {
  wanted.forEach((members, index) => {
    expectMembers(items[index] ?? {}, members);
  });
}
