import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isSigned, readHookDelivery, triggers } from '@onceonly/shared';
import { readConfig } from '../../server/src/config.ts';
import { startServer } from '../../server/src/server.ts';
import { until } from '../../server/test/receiver.ts';
import { openWorld, sqlite, type World } from '../world.ts';
import { call, hookUp, type Hooked } from './setting.ts';

const PROMISED_MS = 10_000;
/** For what is said to come within a time, though the machine may be busy with other tests. */
const MINUTE_MS = 60_000;

async function withHook(
  events: readonly string[],
  play: (world: World, hook: Hooked) => Promise<void>,
): Promise<void> {
  const world = await openWorld();
  const hook = await hookUp(world, ...events);
  try {
    await play(world, hook);
  } finally {
    await world.close();
    await hook.close();
  }
}

test('a run that is killed between claim and complete is told to a receiver within ten seconds, once', async () => {
  await withHook(['run_died'], async (world, hook) => {
    const program = join(__dirname, 'dying-run.ts');
    const run = spawn(process.execPath, [program, world.baseUrl, world.apiKey, 'orders:1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(run.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('acquired\n');
    run.kill('SIGKILL');
    await once(run, 'exit');
    expect(hook.received).toHaveLength(0);

    world.advance(60_000);
    await until(() => hook.received.length > 0, PROMISED_MS);
    const [{ headers, text } = { headers: {}, text: '' }] = hook.received;
    expect(isSigned({ headers, body: text }, { secret: hook.secret, now: world.now() })).toBe(true);
    expect(readHookDelivery(triggers.runDied, JSON.parse(text))).toMatchObject({
      ...{ job: 'orders', event_key: '1', run: 'run-1', attempt: 1 },
      ...{ first_seen_at: '2026-11-25T09:00:00.000Z', at: '2026-11-25T09:01:00.000Z' },
    });
    // Another run that dies later comes next: the first was told once.
    await call(world, 'POST', '/v1/ai/lease', { key: 'orders:2', ttl: 60 });
    world.advance(60_000);
    await until(() => hook.received.length > 1, MINUTE_MS);
    expect(hook.received.map(({ key }) => key)).toEqual(['orders:1', 'orders:2']);
    await until(async () => (await hook.log()).every(({ delivered_at }) => delivered_at !== null));
    expect(await hook.log()).toMatchObject([
      { type: 'run_died', key: 'orders:2', attempts: 1, status_code: 204 },
      { type: 'run_died', key: 'orders:1', attempts: 1, status_code: 204 },
    ]);
  });
});

test('a run that completes after its death was told is told as completed, and did not die again', async () => {
  await withHook(['run_died', 'completed', 'taken_over'], async (world, hook) => {
    const claim = { key: 'orders:1', ttl: 60 };
    const { lease_id } = await call<{ lease_id: string }>(world, 'POST', '/v1/ai/lease', claim);
    world.advance(60_000);
    await until(() => hook.received.length === 1, MINUTE_MS);
    await call(world, 'POST', '/v1/ai/complete', { key: 'orders:1', lease_id });
    world.advance(3_600_000);
    await until(() => hook.received.length === 2, MINUTE_MS);
    expect(hook.received.map(({ type }) => type)).toEqual(['run_died', 'completed']);
  });
});

test('a claim never waits for a delivery', async () => {
  await withHook(['claimed', 'duplicate'], async (world, hook) => {
    hook.answer(() => undefined);
    for (let n = 0; n < 20; n += 1) await call(world, 'POST', '/v1/ai/lease', { key: `orders:${String(n)}` });
    await until(() => hook.received.length > 0, MINUTE_MS);
    const { status } = await call<{ status: string }>(world, 'POST', '/v1/ai/lease', { key: 'orders:0' });
    expect(status).toBe('in_progress');
    expect((await hook.log()).filter(({ delivered_at }) => delivered_at !== null)).toEqual([]);
    hook.answer(() => 204);
  });
});

test(
  'a thousand that die in one second are delivered once each, by two servers on one store',
  async () => {
    const store = await sqlite();
    const world = await openWorld(() => Promise.resolve({ url: store.url, close: () => Promise.resolve() }));
    const second = await startServer({
      clock: world.now,
      config: readConfig({
        ...{ ONCEONLY_PORT: '0', ONCEONLY_STORE: store.url, ONCEONLY_LOG_LEVEL: 'silent' },
        ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'allow',
      }),
    });
    const hook = await hookUp(world, 'run_died');
    try {
      for (const half of [0, 500]) {
        const items = Array.from({ length: 500 }, (_, n) => ({ key: `orders:${String(half + n)}`, ttl: 60 }));
        await call(world, 'POST', '/v1/ai/lease/batch', { items });
      }
      world.advance(60_000);
      const keys = () => new Set(hook.received.map(({ key }) => key));
      await until(() => keys().size === 1_000, 2 * MINUTE_MS);
      await until(async () => (await hook.log()).every(({ delivered_at }) => delivered_at !== null));
      expect(hook.received).toHaveLength(1_000);
    } finally {
      await second.close();
      await world.close();
      await hook.close();
      await store.close();
    }
  },
  3 * MINUTE_MS,
);
