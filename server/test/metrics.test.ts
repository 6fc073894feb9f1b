import { openReceiver, until } from './receiver.ts';
import { serve, temporaryDirectory } from './support.ts';
import { createMetrics } from '../src/metrics/prometheus.ts';
import { openStore } from '../src/store/open.ts';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { openWatched, samplesOf, type WatchedServer } from './watched.ts';

const numbers = async (server: WatchedServer) =>
  samplesOf(await (await server.metrics(server.operatorKey)).text());

test('what a server does is counted: claims by outcome, latencies, group commits, deliveries, and no key anywhere', async () => {
  const receiver = await openReceiver();
  const server = await openWatched();
  try {
    receiver.answer(() => (receiver.received.length === 1 ? 500 : 204));
    await server.post('/v1/hooks', { url: receiver.url, events: ['completed'] });
    const lease = await server.post('/v1/ai/lease', { key: 'secret-job:k', holder: 'h' });
    await server.post('/v1/ai/lease', { key: 'secret-job:k', holder: 'h' });
    await server.post('/v1/ai/lease', { key: 'secret-job:k' });
    await server.post('/v1/ai/complete', { key: 'secret-job:k', lease_id: lease['lease_id'] });
    const items = Array.from({ length: 40 }, (_, n) => ({ key: n === 0 ? 'secret-job:k' : `b${String(n)}` }));
    await server.post('/v1/ai/lease/batch', { items });
    await server.post('/v1/check-lock', { key: 'secret-lock' });
    await server.post('/v1/check-lock', { key: 'secret-lock' });
    await server.post('/v1/ai/lease', { key: 7 });
    await until(
      async () => (await numbers(server)).get('onceonly_hook_deliveries_total{result="failed"}') === 1,
    );
    const response = await server.metrics(server.operatorKey);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const secret of ['secret', 'acme', 'once_live_', 'key_']) expect(text).not.toContain(secret);
    const samples = samplesOf(text);
    const claims = (outcome: string) => samples.get(`onceonly_claims_total{outcome="${outcome}"}`);
    expect(
      ['acquired', 'reentrant', 'in_progress', 'completed', 'locked', 'duplicate', 'failed'].map(claims),
    ).toEqual([40, 1, 1, 1, 1, 1, 0]);
    const answers = (route: string, status: string) =>
      samples.get(
        `onceonly_http_request_duration_seconds_count{method="POST",route="${route}",status="${status}",store="sqlite"}`,
      );
    expect(answers('/v1/ai/lease', '2xx')).toBe(3);
    expect(answers('/v1/ai/lease', '4xx')).toBe(1);
    // The items of the batch went together, at least the first of them.
    const groups = (atMost: string) =>
      samples.get(`onceonly_group_commit_requests_bucket{le="${atMost}"}`) ?? NaN;
    expect(groups('+Inf') - groups('8')).toBeGreaterThanOrEqual(1);
    expect(samples.get('onceonly_store_pending_requests')).toBeGreaterThanOrEqual(0);
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  } finally {
    await server.close();
    await receiver.close();
  }
});

test('a run that died is counted', async () => {
  let now = Date.now();
  const server = await openWatched({}, { clock: () => now });
  try {
    await server.post('/v1/ai/lease', { key: 'k', ttl: 60 });
    now += 61_000;
    await until(async () => ((await numbers(server)).get('onceonly_runs_died_total') ?? 0) > 0);
    expect((await numbers(server)).get('onceonly_runs_died_total')).toBe(1);
  } finally {
    await server.close();
  }
});

test('operators may read, unless all or none may', async () => {
  const [operators, all, none] = await Promise.all([
    openWatched(),
    openWatched({ ONCEONLY_METRICS: 'open' }),
    openWatched({ ONCEONLY_METRICS: 'off' }),
  ]);
  try {
    expect((await operators.metrics()).status).toBe(401);
    expect((await operators.metrics(operators.automationKey)).status).toBe(403);
    expect((await operators.metrics(`once_live_${'C'.repeat(43)}`)).status).toBe(403);
    expect((await operators.metrics(operators.operatorKey)).status).toBe(200);
    expect((await all.metrics()).status).toBe(200);
    expect((await none.metrics(none.operatorKey)).status).toBe(404);
  } finally {
    await Promise.all([operators, all, none].map((server) => server.close()));
  }
});

test('two servers in one process count for themselves', async () => {
  const [one, other] = await Promise.all([openWatched(), openWatched()]);
  try {
    await one.post('/v1/ai/lease', { key: 'k' });
    const acquired = 'onceonly_claims_total{outcome="acquired"}';
    expect([(await numbers(one)).get(acquired), (await numbers(other)).get(acquired)]).toEqual([1, 0]);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
});

test('whoever was let in is let in while the store gives no answer, and nobody else', async () => {
  const store = await openStore(`sqlite:${await temporaryDirectory()}/claims.db`, { clock: Date.now });
  let isGone = false;
  const failing = {
    ...store,
    apiKeys: {
      ...store.apiKeys,
      find: (hash: string) =>
        isGone ? Promise.reject(new StoreUnavailable('It is gone.')) : store.apiKeys.find(hash),
    },
  };
  const server = await serve({
    store: failing,
    metrics: { metrics: createMetrics('sqlite'), readers: 'operator' },
  });
  const [reader, other] = [
    await server.newKey({ role: 'operator' }),
    await server.newKey({ role: 'operator' }),
  ];
  expect((await server.get('/metrics', { apiKey: reader })).status).toBe(200);
  isGone = true;
  // What was found is remembered for two seconds anyhow.
  server.advance(3);
  expect((await server.get('/v1/me', { apiKey: reader })).status).toBe(503);
  expect((await server.get('/metrics', { apiKey: reader })).status).toBe(200);
  expect((await server.get('/metrics', { apiKey: other })).status).toBe(503);
  expect((await server.get('/metrics', { apiKey: server.apiKey })).status).toBe(503);
});
