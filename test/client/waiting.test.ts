import { createClient, type Transport } from '@onceonly/shared';
import { isObject } from '@onceonly/shared/json.ts';
import { createAxiosTransport } from '../../server/src/mcp/axios-transport.ts';
import { openSetting, type Setting } from './setting.ts';

/** A duplicate that waits on a service that names the same few seconds each time, as the hosted API does. */

const EVENT = { job: 'orders', key: 'e1', hold_minutes: 720, while_in_progress: 'retry_later' } as const;
const TWELVE_HOURS = 12 * 3_600;
/** Zapier's, of which the app makes its own. */
const LONGEST_PAUSE = 900;

let setting: Setting;
beforeEach(async () => {
  setting = await openSetting('hosted');
});
afterEach(() => setting.close());

test('it asks ever more rarely, some sixty times in twelve hours, and takes over soon after the claim ends', async () => {
  const { world, other, time } = setting;
  let requests = 0;
  const toWorld = createAxiosTransport(world.baseUrl, world.apiKey);
  const fiveSeconds: Transport = async (request) => {
    requests += 1;
    const { body, ...response } = await toWorld(request);
    const isWaiting = isObject(body) && body['status'] === 'in_progress';
    return { ...response, body: isWaiting ? { ...body, retry_after_sec: 5 } : body };
  };
  const pass = async (ms: number): Promise<void> => {
    world.advance(ms);
    await time.sleep(ms);
  };
  const client = createClient(fiveSeconds, { platform: 'zapier', ...time, sleep: pass });

  await other.run('claimKey', EVENT);
  const begun = world.now();
  const waited = (): number => (world.now() - begun) / 1_000;
  let runs = 0;
  for (; runs < 1_000; runs += 1) {
    const { outputs, then } = await client.run('claimKey', EVENT);
    if (then === 'continue') break;
    expect(then).toBe('retry_later');
    await pass(Math.min(Number(outputs.retry_after_seconds), LONGEST_PAUSE) * 1_000);
  }
  expect(runs).toBeLessThan(70);
  expect(requests).toBeLessThan(80);
  expect(waited()).toBeGreaterThanOrEqual(TWELVE_HOURS);
  expect(waited()).toBeLessThan(TWELVE_HOURS + 60);
});
