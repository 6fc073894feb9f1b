import { createClient, type Transport } from '@onceonly/shared';
import { isObject } from '@onceonly/shared/json.ts';
import { createAxiosTransport } from '../../server/src/mcp/axios-transport.ts';
import { unreachable } from './faults.ts';
import { openSetting, type Setting } from './setting.ts';

const CHANGE = { job: 'sync', key: 'contact-17', hold_minutes: 10 } as const;
const AT = '2026-11-25T08:00:00';

let setting: Setting;
afterEach(() => setting.close());

const open = async (service: Parameters<typeof openSetting>[0] = 'own'): Promise<Setting> =>
  (setting = await openSetting(service));

test('the version is in the key, and the whole key of the record is the group', async () => {
  const { client, network } = await open();
  const { outputs } = await client.run('claimKey', { ...CHANGE, sequence: `${AT}.250+00:00` });
  expect(outputs).toMatchObject({ key: `sync:contact-17:${AT}Z.25`, proceed: true });
  expect(network.sent.at(-1)?.body).toMatchObject({ group: 'sync:contact-17', sequence: `${AT}Z` });
});

test('two changes within one second are two events, by their fraction or by what was delivered', async () => {
  const { client } = await open();
  const done = async (inputs: object): Promise<string | null> => {
    const { outputs } = await client.run('claimKey', { ...CHANGE, ...inputs });
    expect(outputs).toMatchObject({ proceed: true, attempt: 1 });
    await client.run('completeKey', { claim_token: outputs.claim_token ?? '' });
    return outputs.key;
  };
  await done({ sequence: `${AT}.100Z` });
  await done({ sequence: `${AT}.200Z` });
  const chosen = { key: null, key_from: 'fields', fields: ['id'], job: 'other', sequence: `${AT}Z` };
  const keys = [
    await done({ ...chosen, payload: { id: 17, name: 'A' } }),
    await done({ ...chosen, payload: { id: 17, name: 'B' } }),
  ];
  expect(new Set(keys.map((key) => key?.replace(/:[^:]*$/, ''))).size).toBe(1);
  const again = await client.run('claimKey', { ...chosen, payload: { id: 17, name: 'B' } } as never);
  expect(again.outputs).toMatchObject({ status: 'completed', key: keys[1] });
});

test.each([
  [
    'The whole content',
    { key_from: 'whole', leave_out: ['attempt'] },
    { id: 17, attempt: 1 },
    { id: 17, attempt: 2 },
  ],
  [
    'Detect',
    { key_from: 'detect', source: 'stripe' },
    { id: 'evt_1', object: 'event', type: 'invoice.paid', pending_webhooks: 2 },
    { id: 'evt_1', object: 'event', type: 'invoice.paid', pending_webhooks: 1 },
  ],
])('%s: what a resend may change makes no second event of a version', async (_, from, sent, resent) => {
  const { client } = await open();
  const claim = (payload: object) =>
    client.run('claimKey', { ...from, payload, job: 'sync', group: 'record-17', sequence: '7' } as never);
  const { outputs } = await claim(sent);
  await client.run('completeKey', { claim_token: outputs.claim_token ?? '' });
  expect((await claim(resent)).outputs).toMatchObject({ status: 'completed', key: outputs.key });
});

test('where nobody knows of which record it is the version, the step says so and claims nothing', async () => {
  const { client, network } = await open();
  const delivery = { job: 'sync', key_from: 'whole', payload: { id: 17 }, sequence: '7' } as const;
  await expect(client.run('claimKey', delivery)).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'sequence' },
  });
  expect(network.sent).toEqual([]);
  const { outputs } = await client.run('claimKey', { ...delivery, group: 'contact-17' });
  expect(outputs.proceed).toBe(true);
});

test('a run that went on unprotected completes in its group', async () => {
  const { client, network, other } = await open();
  network.fail([unreachable, unreachable, unreachable, unreachable]);
  const change = { ...CHANGE, sequence: `${AT}Z`, when_unreachable: 'continue' } as const;
  const { outputs } = await client.run('claimKey', change);
  expect(outputs.status).toBe('unprotected');
  const done = await client.run('completeKey', { claim_token: outputs.claim_token ?? '' });
  expect(done.outputs.completed).toBe(true);
  const older = await other.run('claimKey', { ...CHANGE, sequence: '2026-11-25T07:00:00Z' });
  expect(older.outputs).toMatchObject({ status: 'stale', newest_version: `${AT}Z` });
});

test.each([{ group: 'g' }, { sequence: '1' }])(
  'the hosted API, which keeps no groups, is asked for nothing: %p',
  async (choice) => {
    const { client, network } = await open('hosted');
    const run = client.run('claimKey', { ...CHANGE, ...choice });
    await expect(run).rejects.toMatchObject({ code: 'needs_own_server' });
    expect(network.sent.filter(({ path }) => path === '/v1/ai/lease')).toEqual([]);
  },
);

test('with the hosted API, which counts nothing, a step that only watches goes on, and says so', async () => {
  const { client, network } = await open('hosted');
  const { outputs } = await client.run('claimKey', { ...CHANGE, on_duplicate: 'watch' });
  expect(outputs).toMatchObject({ proceed: true, status: 'not_checked' });
  expect(outputs.message).toContain('works only with your own OnceOnly server');
  expect(network.sent.filter(({ path }) => path === '/v1/ai/lease')).toEqual([]);
});

test('on n8n a claim waits for its turn for as many minutes as the step says, and is told at once when it comes', async () => {
  const { other, time, world } = await open();
  const first = await other.run('claimKey', { ...CHANGE, hold_minutes: 720, group: 'customer-1' });
  const pass = createAxiosTransport(world.baseUrl, world.apiKey);
  // A server on whose clock a claim waits: it answers after as long as it was asked to, at once where it is the turn.
  let waited = 0;
  const transport: Transport = async ({ body, ...request }) => {
    const seconds = Number(body?.['wait'] ?? 0);
    const ask = () => pass({ ...request, ...(body && { body: { ...body, wait: null } }) });
    const answer = await ask();
    if (seconds === 0 || !isObject(answer.body) || answer.body['busy'] !== 'group') return answer;
    waited += seconds;
    await time.sleep(seconds * 1_000);
    world.advance(seconds * 1_000);
    if (waited > 200) await other.run('completeKey', { claim_token: first.outputs.claim_token ?? '' });
    return ask();
  };
  let slept = 0;
  const sleep = (ms: number): Promise<void> => Promise.resolve(void (slept += ms));
  const n8n = createClient(transport, { platform: 'n8n', ...time, sleep });
  const next = { ...CHANGE, key: 'order-2', group: 'customer-1' };
  const few = await n8n.run('claimKey', { ...next, wait_minutes: 1 });
  expect(few).toMatchObject({ outputs: { status: 'in_progress' }, then: 'retry_later' });
  expect(waited).toBeGreaterThanOrEqual(58);
  expect(waited).toBeLessThanOrEqual(60);
  expect((await n8n.run('claimKey', next)).outputs).toMatchObject({ proceed: true, attempt: 1 });
  expect(waited).toBeLessThan(225);
  expect(slept).toBe(0);
});

test('asked again by the platform, a claim asks seldom for a turn that does not come, and soon for one that may', async () => {
  const { other, hasty, world } = await open();
  await other.run('claimKey', { ...CHANGE, hold_minutes: 60, group: 'customer-1' });
  const next = { ...CHANGE, key: 'order-2', hold_minutes: 720, group: 'customer-1' };
  const again = async () => (await hasty.run('claimKey', next)).outputs.retry_after_seconds;
  expect(await again()).toBe(10);
  world.advance(20 * 60_000);
  expect(await again()).toBe(600);
  world.advance(39 * 60_000);
  expect(await again()).toBe(61);
});

test('a run that watches and whose turn it is not would have waited, and is not counted as stopped', async () => {
  const { client, other } = await open();
  await other.run('claimKey', { ...CHANGE, group: 'customer-1' });
  const next = { ...CHANGE, key: 'order-2', group: 'customer-1', on_duplicate: 'watch' } as const;
  const { outputs } = await client.run('claimKey', next);
  expect(outputs).toMatchObject({ proceed: true, would_have_stopped: false, status: 'in_progress' });
  expect(outputs.message).toContain('would have waited');
  const ended = await client.run('completeKey', { claim_token: outputs.claim_token ?? '' });
  expect(ended.outputs).toMatchObject({ status: 'watched', completed: false });
});

test('of two items of one run and one group the second is told at once how to do it', async () => {
  const { world } = await open();
  let slept = 0;
  const { now, random } = setting.time;
  const n8n = createClient(createAxiosTransport(world.baseUrl, world.apiKey), {
    ...{ platform: 'n8n', now, random },
    sleep: (ms) => Promise.resolve(void (slept += ms)),
  });
  const items = ['order-1', 'order-2'].map((key) => ({
    inputs: { ...CHANGE, key, group: 'customer-1' },
    context: { run: 'execution 7' },
  }));
  const [first, second] = await n8n.performMany('claimKey', items);
  expect(first).toMatchObject({ outputs: { proceed: true } });
  expect(second).toMatchObject({
    outputs: { status: 'in_progress', message: expect.stringContaining('An earlier item of this same run') },
    then: 'retry_later',
  });
  const [alone] = await n8n.performMany('claimKey', items.slice(1));
  expect(alone).toMatchObject({ outputs: { waits_for: 'sync:order-1' }, then: 'retry_later' });
  expect(slept).toBe(0);
});

test('of two versions of one record in one call the newest goes first', async () => {
  const { client } = await open();
  const items = ['1', '2'].map((sequence) => ({ inputs: { ...CHANGE, sequence } }));
  const performed = await client.performMany('claimKey', items);
  expect(performed.map((one) => 'outputs' in one && one.outputs['proceed'])).toEqual([false, true]);
});

test('a test in the editor says that it cannot tell whose turn it is', async () => {
  const { client } = await open();
  const { outputs } = await client.preview('claimKey', { ...CHANGE, sequence: '7' });
  expect(outputs['message']).toContain('Only a live run can tell whether it is its turn');
  const plain = await client.preview('claimKey', CHANGE);
  expect(plain.outputs['message']).not.toContain('live run can tell');
});

test.each(['completeKey', 'failKey'] as const)(
  'what would have been stopped is ended without asking anybody, beside other claims too: %s',
  async (id) => {
    const { client, network } = await open();
    const { outputs } = await client.run('claimKey', CHANGE);
    const claim_token = outputs.claim_token ?? '';
    const tokens = ['watched_only|a', claim_token, 'watched_only|b'];
    const items = tokens.map((token) => ({ inputs: { claim_token: token, reason: 'no' } }));
    network.fail(Array.from({ length: 20 }, () => unreachable));
    const performed = await client.performMany(id, items);
    expect(performed).toMatchObject([
      { outputs: { status: 'watched', key: 'a' }, then: 'continue' },
      { error: { code: 'no_answer' } },
      { outputs: { status: 'watched', key: 'b' }, then: 'continue' },
    ]);
  },
);
