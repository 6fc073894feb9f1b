import { openSetting, type Setting } from './setting.ts';

/** What the client does where the service lacks our additions. */

const EVENT = { job: 'orders', key: 'e1' };

let setting: Setting;
beforeEach(async () => {
  setting = await openSetting('hosted', { deadlineMs: 5_000 });
});
afterEach(() => setting.close());

const paths = (): string[] => setting.network.sent.map(({ path }) => path);

async function claimToken(): Promise<string> {
  return String((await setting.client.run('claimKey', EVENT)).outputs.claim_token);
}

test.each([
  ['if_run_died', 'block'],
  ['max_attempts', 3],
  ['fingerprint', 'f1'],
  ['remember_days', 30],
])('%s cannot be kept, and is refused before anything is claimed', async (field, value) => {
  await expect(setting.client.perform('claimKey', { ...EVENT, [field]: value })).rejects.toMatchObject({
    code: 'needs_own_server',
    details: { field },
  });
  expect(paths()).toEqual(['/v1/me']);
});

test('a plain claim asks nothing first', async () => {
  expect((await setting.client.run('claimKey', EVENT)).outputs).toMatchObject({
    proceed: true,
    attempt: null,
    expires_at: null,
    idempotency_key: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
  });
  expect(paths()).toEqual(['/v1/ai/lease']);
});

test('a duplicate is stopped, and shown no claim token', async () => {
  const claim_token = await claimToken();
  expect((await setting.client.run('claimKey', EVENT)).outputs).toMatchObject({
    status: 'in_progress',
    claim_token: null,
  });
  await setting.client.run('completeKey', { claim_token, result: 'INV-1' });
  expect(await setting.client.run('claimKey', EVENT)).toMatchObject({
    outputs: { status: 'completed', proceed: false },
    then: 'stop',
  });
  expect((await setting.client.run('getKey', EVENT)).outputs).toMatchObject({
    status: 'completed',
    result: 'INV-1',
  });
});

test('a failure that may be tried again gives the key up', async () => {
  const claim_token = await claimToken();
  expect((await setting.client.run('failKey', { claim_token })).outputs).toMatchObject({ status: 'failed' });
  expect(paths()).toEqual(['/v1/ai/lease', '/v1/me', '/v1/ai/cancel']);
  expect((await setting.client.run('claimKey', EVENT)).outputs.proceed).toBe(true);
});

test('a failure for good is one', async () => {
  const claim_token = await claimToken();
  await setting.client.run('failKey', { claim_token, reason: 'card declined', retryable: false });
  expect(await setting.client.run('claimKey', EVENT)).toMatchObject({
    outputs: { status: 'failed', error_code: 'card declined' },
    then: 'tell',
  });
});

test('an empty result that is to be rejected gives the key up', async () => {
  const claim_token = await claimToken();
  const { outputs } = await setting.client.run('completeKey', {
    claim_token,
    result: '',
    reject_empty: true,
  });
  expect(outputs).toMatchObject({ status: 'failed', completed: false, error_code: 'empty_output' });
  expect((await setting.client.run('claimKey', EVENT)).outputs.proceed).toBe(true);
});

test('all of a run cannot be failed', async () => {
  await expect(setting.client.run('failKey', { run: 'r1' })).rejects.toMatchObject({
    code: 'needs_own_server',
  });
});

test('a late finisher is told so, whatever the status it comes with', async () => {
  const claim_token = await claimToken();
  setting.world.advance(61 * 60_000);
  await setting.other.run('claimKey', EVENT);
  expect(await setting.client.run('completeKey', { claim_token })).toMatchObject({
    outputs: { status: 'lease_lost', state: 'in_progress' },
    then: 'late',
  });
});

test('an unknown key does not exist', async () => {
  expect((await setting.client.run('getKey', EVENT)).outputs).toMatchObject({ exists: false, status: null });
});

test('waits for a key in flight by asking again', async () => {
  const waiting = await openSetting('hosted');
  try {
    const { other, client, network, time } = waiting;
    const claim_token = String((await other.run('claimKey', EVENT)).outputs.claim_token);
    network.fail([
      async (request, pass) => {
        const answer = await pass(request);
        await other.run('completeKey', { claim_token });
        return answer;
      },
    ]);
    expect((await client.run('claimKey', EVENT)).outputs.status).toBe('completed');
    expect(network.sent).toHaveLength(2);
    expect(time.now()).toBeLessThanOrEqual(20_000);
  } finally {
    await waiting.close();
  }
});

test('says when the plan holds a key for less than was asked', async () => {
  setting.network.fail([
    async (request, pass) => {
      const response = await pass(request);
      return { ...response, body: { ...(response.body as object), ttl: 3_600 } };
    },
  ]);
  const { outputs } = await setting.client.run('claimKey', { ...EVENT, hold_minutes: 720 });
  expect(outputs.message).toContain('only 3600 seconds');
});
