import axios from 'axios';
import { readConfig } from '../../server/src/config.ts';
import { startServer } from '../../server/src/server.ts';
import { until } from '../../server/test/receiver.ts';
import { openClient } from '../platforms/client.ts';
import { openWorld, sqlite } from '../world.ts';

interface Event {
  readonly type: string;
  readonly key: string;
}

/** What was told, once it is `enough`: a death is told within five seconds. */
async function eventsOf(
  { baseUrl, apiKey }: { baseUrl: string; apiKey: string },
  enough: (events: readonly Event[]) => boolean,
): Promise<readonly Event[]> {
  const headers = { authorization: `Bearer ${apiKey}` };
  let told: readonly Event[] = [];
  await until(async () => {
    const url = `${baseUrl}/v1/events?limit=1000`;
    told = (await axios.get<{ items: Event[] }>(url, { headers, proxy: false })).data.items;
    return enough(told);
  }, 5_000);
  return told;
}

const deaths = (events: readonly Event[]): readonly Event[] =>
  events.filter(({ type }) => type === 'run_died');

test('a run that dies between claim and complete is told once, by two servers on one store', async () => {
  const store = await sqlite();
  const world = await openWorld(() => Promise.resolve({ url: store.url, close: () => Promise.resolve() }));
  const second = await startServer({
    clock: world.now,
    config: readConfig({ ONCEONLY_PORT: '0', ONCEONLY_STORE: store.url, ONCEONLY_LOG_LEVEL: 'silent' }),
  });
  try {
    const client = openClient(world);
    await client.run('claimKey', { job: 'orders', key: 'e1', hold_minutes: 1 });
    world.advance(60_000);
    const told = await eventsOf(world, (events) => deaths(events).length > 0);
    expect(deaths(told)).toMatchObject([
      {
        key: 'orders:e1',
        job: 'orders',
        event_key: 'e1',
        attempt: 1,
        first_seen_at: '2026-11-25T09:00:00.000Z',
      },
    ]);
    await client.run('claimKey', { job: 'orders', key: 'e2', hold_minutes: 1 });
    world.advance(60_000);
    const more = await eventsOf(world, (events) => deaths(events).length > 1);
    expect(deaths(more).map(({ key }) => key)).toEqual(['orders:e2', 'orders:e1']);
  } finally {
    await second.close();
    await world.close();
    await store.close();
  }
});

test('a thousand that die in one second are a thousand deaths', async () => {
  const world = await openWorld();
  try {
    const headers = { authorization: `Bearer ${world.apiKey}` };
    for (const half of [0, 500]) {
      const items = Array.from({ length: 500 }, (_, n) => ({ key: `orders:${String(half + n)}`, ttl: 60 }));
      await axios.post(`${world.baseUrl}/v1/ai/lease/batch`, { items }, { headers, proxy: false });
    }
    world.advance(60_000);
    const told = await eventsOf(world, (events) => deaths(events).length === 1_000);
    expect(new Set(deaths(told).map(({ key }) => key)).size).toBe(1_000);
  } finally {
    await world.close();
  }
});
