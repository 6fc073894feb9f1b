import { isSigned } from '@onceonly/shared';
import type { EventType } from '../src/claims/events.ts';
import type { Delivery, DueDelivery, DueQuery, Hook, HookStore } from '../src/hooks/hook-store.ts';
import { startDeliverer, type Deliverer } from '../src/hooks/deliverer.ts';
import { createPost } from '../src/hooks/post.ts';
import { ATTEMPTS } from '../src/hooks/verdict.ts';
import { openStore } from '../src/store/open.ts';
import { openReceiver, until, type Receiver } from './receiver.ts';
import { acquire, completeOf, TENANT, useStore } from './store/fixture.ts';
import { useScratch } from './store/scratch.ts';

/* The real store and real receivers; only time is stepped. */

const SECRET = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0';
const MINUTE_MS = 60_000;

let receiver: Receiver;
const others = new Set<Receiver>();
const running = new Set<Deliverer>();
let errors: unknown[] = [];

beforeEach(async () => {
  errors = [];
  onTheirWay = 0;
  receiver = await openReceiver();
});
afterEach(async () => {
  await Promise.all([...running].map((each) => each.stop()));
  running.clear();
  for (const each of [receiver, ...others]) await each.close();
  others.clear();
  expect(errors).toEqual([]);
});

// After the above, which stop what uses the store before it closes.
const scratch = useScratch();
const fixture = useStore((clock) => openStore(`sqlite:${scratch()}/claims.db`, { clock }));

/** Handed out and not settled: while there are some, a step of the clock would end their lease. */
let onTheirWay = 0;
async function due(query: DueQuery): Promise<readonly DueDelivery[]> {
  const found = await fixture.store.hooks.due(query);
  onTheirWay += found.length;
  return found;
}
async function settle(...settled: Parameters<HookStore['settle']>): Promise<void> {
  await fixture.store.hooks.settle(...settled);
  onTheirWay -= 1;
}
/** Until there was another attempt, and all are settled. */
async function tried(): Promise<void> {
  const before = receiver.received.length;
  await until(() => receiver.received.length > before && onTheirWay === 0);
}

async function openOther(): Promise<Receiver> {
  const other = await openReceiver();
  others.add(other);
  return other;
}

function start(stopTimeoutMs = 5_000, post = createPost({ privateAddresses: true })): Deliverer {
  const deliverer = startDeliverer({
    hooks: { due, settle },
    post,
    clock: fixture.now,
    random: () => 0,
    onError: (error) => errors.push(error),
    everyMs: 5,
    stopTimeoutMs,
  });
  running.add(deliverer);
  return deliverer;
}

async function addHook(
  id: string,
  events: readonly EventType[] = ['run_died'],
  url = receiver.url,
  tenant = TENANT,
) {
  await fixture.store.hooks.create({
    ...{ id, tenant, createdBy: 'key_1', url, secret: SECRET, events, job: null },
  });
}

async function die(...keys: readonly string[]): Promise<readonly string[]> {
  const leases: string[] = [];
  for (const key of keys) leases.push((await acquire(fixture, key, { ttlSeconds: 1 })).leaseId);
  fixture.step(1_000);
  await fixture.store.claims.reportDeaths(1_000);
  return leases;
}

/** Writes down the events that the store still holds. */
const flush = () => fixture.store.events.recent({ tenant: TENANT, limit: 1 });

const hook = async (id: string): Promise<Hook | undefined> =>
  (await fixture.store.hooks.list({ tenant: TENANT, createdBy: null })).find((each) => each.id === id);

const log = async (id: string): Promise<readonly Delivery[]> =>
  (await fixture.store.hooks.deliveries({ tenant: TENANT, createdBy: null, id, limit: 500 })) ?? [];

const keys = (): readonly string[] => receiver.received.map(({ key }) => key);

test('a delivery is signed, and tells the event as /v1/events lists it', async () => {
  await addHook('a');
  await die('orders:1');
  start();
  await until(() => receiver.received.length > 0);
  const [received] = receiver.received;
  const { headers = {}, text = '' } = received ?? {};
  const now = fixture.now();
  expect(isSigned({ headers, body: text }, { secret: SECRET, now })).toBe(true);
  expect(isSigned({ headers, body: `${text} ` }, { secret: SECRET, now })).toBe(false);
  const { data, ...outside } = JSON.parse(text) as { data: { id: string } };
  expect(outside).toEqual({ type: 'run_died', timestamp: new Date(now).toISOString() });
  expect(data).toEqual({
    ...{ id: expect.stringMatching(/^\d+$/) as string, type: 'run_died', job: 'orders', event_key: '1' },
    ...{
      key: 'orders:1',
      shown_key: 'orders:1',
      run: null,
      ...{ platform: null, workflow: null, run_url: null, shown_where: null },
      attempt: 1,
      at: new Date(now).toISOString(),
      error_code: null,
    },
    first_seen_at: new Date(now - 1_000).toISOString(),
  });
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': `evt_${data.id}` });
});

test('a receiver that was down for an hour gets everything once it is back, in order per key', async () => {
  receiver.answer(() => 503);
  await addHook('a', ['run_died', 'completed']);
  const [lease = ''] = await die('k', 'l');
  await fixture.store.claims.complete(completeOf('k', lease));
  await flush();
  start();
  for (let minute = 0; minute < 60; minute += 30) {
    await tried();
    fixture.step(30 * MINUTE_MS);
  }
  await tried();
  expect(new Set(receiver.received.map(({ type, key }) => `${type} ${key}`))).toEqual(
    new Set(['run_died k', 'run_died l']),
  );
  const failed = receiver.received.length;
  receiver.answer(() => 200);
  fixture.step(40 * MINUTE_MS);
  await until(async () => (await log('a')).every(({ deliveredAt }) => deliveredAt !== null));
  const after = receiver.received.slice(failed).filter(({ key }) => key === 'k');
  expect(after.map(({ type }) => type).slice(-2)).toEqual(['run_died', 'completed']);
  expect(await hook('a')).toMatchObject({ disabledAt: null });
});

test('after a day in vain the hook is disabled, with a reason', async () => {
  receiver.answer(() => 500);
  await addHook('a');
  await die('k');
  const since = fixture.now();
  start();
  await tried();
  while ((await hook('a'))?.disabledAt === null) {
    const [waiting] = await log('a');
    fixture.step((waiting?.nextAt ?? 0) - fixture.now());
    await tried();
  }
  const disabled = await hook('a');
  expect(disabled?.disabledReason).toMatch(
    /^An event could not be delivered for a day, in \d+ attempts\. .*HTTP 500\.$/,
  );
  expect((disabled?.disabledAt ?? 0) - since).toBeGreaterThanOrEqual(24 * 60 * MINUTE_MS);
  expect((disabled?.disabledAt ?? 0) - since).toBeLessThan(25 * 60 * MINUTE_MS);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(receiver.received).toHaveLength(ATTEMPTS);
  await die('later');
  expect(await log('a')).toHaveLength(1);
});

test('a receiver that is gone is not asked again', async () => {
  receiver.answer(() => 410);
  await addHook('a');
  await die('k', 'l');
  start();
  await until(async () => (await hook('a'))?.disabledAt !== null);
  expect((await hook('a'))?.disabledReason).toMatch(/gone/);
});

test('what is on its way of a hook is bounded, and a slow hook starves no other', async () => {
  receiver.answer(() => undefined);
  await addHook('slow');
  await die(...Array.from({ length: 40 }, (_, n) => `s${String(n)}`));
  const deliverer = start(10);
  await until(() => receiver.received.length === 8);
  const quick = await openOther();
  await addHook('quick', ['run_died'], quick.url);
  await die('q');
  await until(() => quick.received.length === 1);
  expect(receiver.received).toHaveLength(8);
  await deliverer.stop();
  // It does not wait long for the store, where each is settled all the same.
  await until(() => onTheirWay === 0);
  const broken = (await log('slow')).filter(({ attempts }) => attempts > 0);
  expect(broken.map(({ error }) => error)).toEqual(
    Array<string>(8).fill('The server was stopped before there was an answer.'),
  );
  receiver.answer(() => 200);
  start();
  fixture.step(5_000);
  await until(async () => (await log('slow')).every(({ deliveredAt }) => deliveredAt !== null));
  expect(new Set(keys()).size).toBe(41);
});

test('sixty hooks of a tenant that lead to a host which never answers hold up no other tenant', async () => {
  receiver.answer(() => undefined);
  for (let n = 0; n < 60; n += 1) await addHook(`hanging${String(n)}`);
  await die('a', 'b');
  // Longer than this test waits: whoever is told, is told beside those that hang.
  start(10, createPost({ privateAddresses: true, timeoutMs: 120_000 }));
  await until(() => receiver.received.length === 16);
  const other = await openOther();
  await addHook('other', ['run_died'], other.url, 'other');
  await acquire(fixture, 'k', { tenant: 'other', ttlSeconds: 1 });
  fixture.step(1_000);
  await fixture.store.claims.reportDeaths(1_000);
  await until(() => other.received.length === 1);
  expect(receiver.received).toHaveLength(16);
});

test('a hook that keeps failing gets one delivery at a time', async () => {
  receiver.answer(() => 503);
  await addHook('failing');
  await die(...Array.from({ length: 8 }, (_, n) => `f${String(n)}`));
  start(10);
  await until(() => receiver.received.length === 8 && onTheirWay === 0);
  const quick = await openOther();
  await addHook('quick', ['run_died'], quick.url);
  receiver.answer(() => undefined);
  fixture.step(5_000);
  await until(() => receiver.received.length > 8);
  await die('q');
  await until(() => quick.received.length === 1);
  expect(receiver.received).toHaveLength(9);
});

test('stopping ends although a delivery never does', async () => {
  await addHook('a');
  await die('k');
  const asked = Promise.withResolvers<undefined>();
  const deliverer = start(10, () => {
    asked.resolve(undefined);
    return new Promise(() => undefined);
  });
  await asked.promise;
  await deliverer.stop();
  expect(await log('a')).toMatchObject([{ attempts: 1, deliveredAt: null }]);
});

test('stopping waits for the answer', async () => {
  const asked = Promise.withResolvers<() => void>();
  receiver.answer((_received, response) => {
    asked.resolve(() => response.writeHead(200).end());
    return undefined;
  });
  await addHook('a');
  await die('k');
  const stopping = asked.promise.then(async (answer) => {
    const stopped = deliverer.stop();
    answer();
    await stopped;
  });
  const deliverer = start(60_000);
  await stopping;
  expect(await log('a')).toMatchObject([{ attempts: 1, statusCode: 200 }]);
});

test('two deliverers on one store send each event once', async () => {
  await addHook('a');
  const all = Array.from({ length: 200 }, (_, n) => `k${String(n)}`);
  await die(...all);
  start();
  start();
  await until(async () => (await log('a')).every(({ deliveredAt }) => deliveredAt !== null));
  expect([...keys()].sort()).toEqual([...all].sort());
});

test('what a server took with it when it died is sent by the next one', async () => {
  await addHook('a');
  await die('k');
  // A server that is handed the delivery, and never heard of again.
  await fixture.store.hooks.due({
    ...{ limit: 10, perHook: 10, perTenant: 10, busy: [], failing: [], leaseMs: 30_000 },
  });
  start();
  fixture.step(30_000);
  await tried();
  expect(await log('a')).toMatchObject([{ attempts: 2, statusCode: 204 }]);
});
