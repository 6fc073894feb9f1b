import { createWaiting } from '../src/claims/waiting.ts';
import { openStore } from '../src/store/open.ts';
import {
  acquire,
  serve as serveAny,
  START,
  temporaryDirectory,
  type Reply,
  type TestServer,
} from './support.ts';

const waitFor = (
  server: TestServer,
  holder: string,
  more: object = {},
  signal?: AbortSignal,
): Promise<Reply> =>
  server.post('/v1/ai/lease', { key: 'k', holder, wait: 20, ...more }, signal ? { signal } : {});

const inProgress = new WeakMap<TestServer, { count: number }>();

/** A server that counts the claims that its store answered in progress. */
async function serve(options: Parameters<typeof serveAny>[0] = {}): Promise<TestServer> {
  let now = (): number => START;
  const store = await openStore(`sqlite:${await temporaryDirectory()}/claims.db`, { clock: () => now() });
  const counted = { count: 0 };
  const claim: typeof store.claims.claim = async (of) => {
    const outcome = await store.claims.claim(of);
    if (outcome.outcome === 'in_progress') counted.count += 1;
    return outcome;
  };
  const server = await serveAny({ ...options, store: { ...store, claims: { ...store.claims, claim } } });
  now = () => server.now();
  inProgress.set(server, counted);
  return server;
}

/** Resolves once so many claims were answered in progress, and so many are waiting. */
async function waiting(server: TestServer, count: number): Promise<void> {
  while ((inProgress.get(server)?.count ?? 0) < count) await new Promise(setImmediate);
}

/** Of every run, in the order in which it was told. */
async function told(server: TestServer): Promise<readonly (readonly [type: string, run: string | null])[]> {
  const events = await server.store.events.recent({ tenant: 'acme', limit: 100 });
  return events.map(({ type, run }) => [type, run] as const).reverse();
}

test('a run that waits is one duplicate, once it is stopped; one that takes over is none', async () => {
  const server = await serve({ pollEveryMs: 5 });
  const lease = await acquire(server, 'k', { run: 'first' });
  await waitFor(server, 'h1', { run: 'past its time', wait: 0.05 });
  await waitFor(server, 'h2', { run: 'tries again', wait: 0.05, tries_again: true });
  const stopped = waitFor(server, 'h3', { run: 'outwaits it' });
  await waiting(server, 4);
  await server.post('/v1/ai/complete', { key: 'k', lease_id: lease });
  expect((await stopped).body.status).toBe('completed');
  expect(await told(server)).toEqual([
    ['claimed', 'first'],
    ['duplicate', 'past its time'],
    ['completed', 'first'],
    ['duplicate', 'outwaits it'],
  ]);

  const other = await acquire(server, 'released', { run: 'gives up' });
  const next = waitFor(server, 'h4', { key: 'released', run: 'goes on' });
  await waiting(server, 5);
  await server.post('/v1/ai/cancel', { key: 'released', lease_id: other });
  expect((await next).body.status).toBe('acquired');
  expect((await told(server)).filter(([, run]) => run === 'goes on')).toEqual([['claimed', 'goes on']]);
});

test('a waiter is answered when the key is completed', async () => {
  const server = await serve({ pollEveryMs: 60_000 });
  const lease = await acquire(server, 'k');
  const waiter = waitFor(server, 'h');
  await waiting(server, 1);
  await server.post('/v1/ai/complete', { key: 'k', lease_id: lease, result: { n: 1 } });
  expect((await waiter).body).toMatchObject({ status: 'completed', result: { n: 1 }, lease_id: null });
});

test('when the key is released or fails retryable, one waiter acquires and the others wait on', async () => {
  const server = await serve({ pollEveryMs: 60_000 });
  const lease = await acquire(server, 'k');
  const waiters = ['h1', 'h2', 'h3'].map((holder) => waitFor(server, holder));
  await waiting(server, 3);
  await server.post('/v1/ai/cancel', { key: 'k', lease_id: lease });
  const first = await Promise.race(waiters);
  expect(first.body).toMatchObject({ status: 'acquired', attempt: 2 });
  await server.post('/v1/ai/complete', { key: 'k', lease_id: first.body.lease_id });
  const statuses = (await Promise.all(waiters)).map((reply) => reply.body.status).sort();
  expect(statuses).toEqual(['acquired', 'completed', 'completed']);
});

test('at expiry one waiter acquires; a key that is extended is waited for longer', async () => {
  const server = await serve();
  const lease = await acquire(server, 'k', { ttl: 60 });
  const waiters = ['h1', 'h2'].map((holder) => waitFor(server, holder, { ttl: 600 }));
  await waiting(server, 2);
  await server.post('/v1/ai/extend', { key: 'k', lease_id: lease, ttl: 120 });
  server.advance(61);
  expect((await server.get('/v1/ai/status?key=k')).body.status).toBe('in_progress');
  server.advance(60);
  const first = await Promise.race(waiters);
  expect(first.body).toMatchObject({ status: 'acquired', attempt: 2 });
  await server.post('/v1/ai/complete', { key: 'k', lease_id: first.body.lease_id });
  expect((await Promise.all(waiters)).map((reply) => reply.body.status).sort()).toEqual([
    'acquired',
    'completed',
  ]);
});

test('a key that another process finished is seen soon', async () => {
  const server = await serve({ pollEveryMs: 20 });
  const leaseId = await acquire(server, 'k');
  const waiter = waitFor(server, 'h');
  await waiting(server, 1);
  // Straight in the store, as another process would: this server is not told.
  await server.store.claims.complete({
    tenant: 'acme',
    key: 'k',
    leaseId,
    result: null,
    resultHash: null,
    rejectEmpty: false,
    resultEmpty: false,
  });
  expect((await waiter).body.status).toBe('completed');
});

test('past its time a waiter gets the answer as it is', async () => {
  const server = await serve();
  await acquire(server, 'k', { ttl: 60 });
  const reply = await waitFor(server, 'h', { wait: 0.05 });
  expect(reply.body).toMatchObject({ status: 'in_progress', lease_id: null, ttl_left: 60, charged: 0 });
  expect((await waitFor(server, 'h', { wait: 0 })).body.status).toBe('in_progress');
});

test('a waiter whose connection is closed never acquires', async () => {
  const server = await serve({ pollEveryMs: 5 });
  const lease = await acquire(server, 'k');
  const gone = new AbortController();
  const waiter = waitFor(server, 'gone', {}, gone.signal);
  await waiting(server, 1);
  gone.abort();
  await expect(waiter).rejects.toThrow();
  // Closing the connection reaches the server before this request does, or at the latest while it looks again.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.post('/v1/ai/cancel', { key: 'k', lease_id: lease });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await server.get('/v1/ai/status?key=k')).status).toBe(404);
});

test('waiters are answered as things are when the server closes', async () => {
  const server = await serve({ pollEveryMs: 60_000 });
  await acquire(server, 'k');
  const waiters = [waitFor(server, 'h1'), waitFor(server, 'h2')];
  await waiting(server, 2);
  await server.close();
  expect((await Promise.all(waiters)).map((reply) => [reply.status, reply.body.status])).toEqual([
    [200, 'in_progress'],
    [200, 'in_progress'],
  ]);
});

test('nobody is kept in memory once the waiting is over, and a change is never missed', async () => {
  const server = await serve();
  const leaseId = await acquire(server, 'k', { ttl: 60 });
  const calls: string[] = [];
  const waitingRoom = createWaiting(
    {
      claim: (claim) => {
        calls.push('claim');
        return server.store.claims.claim(claim);
      },
      read: async (read) => {
        calls.push('read');
        return server.store.claims.read(read);
      },
    },
    { pollEveryMs: 60_000 },
  );
  const claim = {
    ...{ tenant: 'acme', key: 'k', holder: 'h', run: null, ttlSeconds: 60, retentionSeconds: null },
    ...{ onExpired: null, maxAttempts: null, fingerprint: null, metadata: null },
    ...{ group: null, sequence: null },
  };
  const waiter = waitingRoom.claim(claim, 20_000, new AbortController().signal);
  // Rung before the first answer is there.
  waitingRoom.changed('acme', 'k');
  await server.store.claims.cancel({ tenant: 'acme', key: 'k', leaseId, reason: null });
  waitingRoom.changed('acme', 'k');
  expect((await waiter).outcome).toBe('acquired');
  expect(calls.at(-1)).toBe('claim');
});

test('however many wait for a key, one looks', async () => {
  const good = await serve();
  let reading = 0;
  let most = 0;
  let reads = 0;
  const read: typeof good.store.claims.read = async (of) => {
    reading += 1;
    reads += 1;
    most = Math.max(most, reading);
    try {
      return await good.store.claims.read(of);
    } finally {
      reading -= 1;
    }
  };
  const room = createWaiting({ claim: good.store.claims.claim, read }, { pollEveryMs: 5 });
  const lease = await acquire(good, 'k');
  const claim = (holder: string) =>
    room.claim(
      {
        ...{ tenant: 'acme', key: 'k', holder, run: null, ttlSeconds: 60, retentionSeconds: null },
        ...{ onExpired: null, maxAttempts: null, fingerprint: null, metadata: null },
        ...{ group: null, sequence: null },
      },
      20_000,
      new AbortController().signal,
    );
  const waiters = Array.from({ length: 1_000 }, (_, n) => claim(`h${String(n)}`));
  await waiting(good, 1_000);
  while (reads < 5) await new Promise(setImmediate);
  expect(most).toBe(1);
  await good.post('/v1/ai/complete', { key: 'k', lease_id: lease });
  expect(new Set((await Promise.all(waiters)).map(({ outcome }) => outcome))).toEqual(new Set(['completed']));
  expect(most).toBe(1);
});
