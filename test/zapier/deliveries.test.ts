import { createHmac } from 'node:crypto';
import { triggers } from '@onceonly/shared';
import axios from 'axios';
import { openZapierHook, type RawRequest, type ZapierHook } from '../platforms/zapier-hook.ts';
import { openTrigger, type SubscribeData, type ZapierTrigger } from '../platforms/zapier-trigger.ts';
import { subscribedBy } from './hooks.ts';
import { useZapier } from './setting.ts';

/** What may reach the URL of a Zap, and what the Zap makes of it. */

const HOUR = 3_600_000;
const EVENT = triggers.runDied.sampleEvent;
const BODY = JSON.stringify({ type: 'run_died', timestamp: EVENT['at'], data: EVENT });

const setting = useZapier();
let hook: ZapierHook;
let runDied: ZapierTrigger;
let subscribed: SubscribeData;

beforeEach(async () => {
  hook = await openZapierHook();
  runDied = openTrigger(setting.zapier, 'runDied');
  subscribed = await subscribedBy(runDied, hook.url);
});
afterEach(async () => {
  await runDied.unsubscribe(subscribed);
  await hook.close();
});

interface Sent {
  readonly body?: string;
  readonly secret?: string;
  readonly agoMs?: number;
  /** Sent instead of what was signed. */
  readonly instead?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Signs as Standard Webhooks say, sends, and gives what Zapier then hands over. */
async function deliver({
  body = BODY,
  secret = subscribed.secret,
  agoMs = 0,
  instead,
  headers,
}: Sent = {}): Promise<RawRequest> {
  const timestamp = String(Math.floor((Date.now() - agoMs) / 1_000));
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`evt_1.${timestamp}.${body}`)
    .digest('base64');
  await axios.post(hook.url, instead ?? body, {
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'evt_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
      ...headers,
    },
    transformRequest: (text: unknown) => text,
    proxy: false,
  });
  const last = hook.received.at(-1);
  if (last === undefined) throw new Error('Nothing was received.');
  return last;
}

const HALTED = { error: { name: 'HaltedError', message: expect.stringMatching(/Nothing was started/) } };

test('an event starts the Zap with every output: key, job, when, and what to do', async () => {
  const started = await runDied.perform(await deliver(), subscribed);
  expect(started).toEqual({
    events: [
      {
        id: EVENT['id'],
        job: 'orders',
        event_key: 'evt_1N3T00LkdIwHu7ix',
        key: 'orders:evt_1N3T00LkdIwHu7ix',
        at: '2026-11-25T10:30:00.000Z',
        run: null,
        platform: 'n8n',
        workflow: 'Order intake',
        run_url: 'https://n8n.example.com/workflow/wf1/executions/231',
        attempt: 1,
        first_seen_at: '2026-11-25T09:30:00.000Z',
        error_code: null,
        message: expect.stringMatching(
          /^Run Died: “orders:evt_1N3T00LkdIwHu7ix” on .*, on n8n, in “Order intake”\. .*takes over\. The run: https:\S+231$/,
        ),
      },
    ],
  });
});

test('any text of a key comes through', async () => {
  const key = 'orders:Grüße 注文 🎈 "quoted" \\ {{bundle.inputData.key}}';
  const body = JSON.stringify({ type: 'run_died', data: { ...EVENT, key } });
  expect(await runDied.perform(await deliver({ body }), subscribed)).toMatchObject({ events: [{ key }] });
});

test('what Zapier kept for hours before it ran still starts the Zap', async () => {
  expect(await runDied.perform(await deliver({ agoMs: 23 * HOUR }), subscribed)).toMatchObject({
    events: [{ id: EVENT['id'] }],
  });
});

test.each([
  ['another event', JSON.stringify({ type: 'completed', data: EVENT })],
  ['no event', '{"type":"run_died"}'],
  ['a list', '[]'],
])('%s starts nothing, and is no error', async (_, body) => {
  expect(await runDied.perform(await deliver({ body }), subscribed)).toEqual({ events: [] });
});

test.each<[string, Sent]>([
  ['is signed by another secret', { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }],
  ['was changed on its way', { instead: BODY.replace('orders', 'others') }],
  ['has another id than was signed', { headers: { 'webhook-id': 'evt_2' } }],
  ['is a copy more than a day old', { agoMs: 25 * HOUR }],
  ['is of the future', { agoMs: -25 * HOUR }],
  ['has no signature', { headers: { 'webhook-signature': undefined } }],
  ['has no headers', { headers: { 'webhook-id': undefined, 'webhook-timestamp': undefined } }],
  ['is not even JSON', { instead: 'hello' }],
  ['is empty', { instead: '' }],
])('what %s starts nothing: the run halts, and the Zap stays on', async (_, sent) => {
  expect(await runDied.perform(await deliver(sent), subscribed)).toEqual(HALTED);
});

test('without the secret of the subscription nothing can be told apart, so nothing starts', async () => {
  const received = await deliver();
  expect(await runDied.perform(received, { id: subscribed.id })).toEqual(HALTED);
  expect(await runDied.perform(received, {})).toEqual(HALTED);
});

test('signed text that is no JSON starts nothing, and is no error', async () => {
  expect(await runDied.perform(await deliver({ body: 'hello' }), subscribed)).toEqual({ events: [] });
});
