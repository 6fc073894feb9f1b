import { createHash } from 'node:crypto';
import { openSetting, type Setting } from './setting.ts';

const EVENT = { job: 'orders', key: 'e1', on_duplicate: 'continue' } as const;

let setting: Setting;
beforeEach(async () => {
  setting = await openSetting('own');
});
afterEach(() => setting.close());

const complete = async (result: unknown, more: object = {}) => {
  const claim_token = (await setting.client.run('claimKey', EVENT)).outputs.claim_token;
  return setting.client.perform('completeKey', { claim_token, result, ...more });
};

test.each([
  ['text', 'INV-1042 „bezahlt“ 🎈'],
  ['text with NUL', 'a\u0000b'],
  ['text that looks like JSON', '{"a":1}'],
  ['an object', { invoice: 'INV-1042', lines: [1, 2, { deep: null }] }],
  ['an object with more than a value', { value: 'x', unit: 'm' }],
])('%s reads back as it was', async (_, result) => {
  await complete(result);
  expect((await setting.client.run('claimKey', EVENT)).outputs.result).toEqual(result);
});

test('no result reads back as none', async () => {
  await complete(undefined);
  expect((await setting.client.run('claimKey', EVENT)).outputs.result).toBeNull();
});

test('a list travels in an object', async () => {
  await complete(['a', 'b']);
  expect((await setting.client.run('claimKey', EVENT)).outputs.result).toEqual({ value: ['a', 'b'] });
});

test('work is not left open because its result is too large', async () => {
  const result = 'x'.repeat(70_000);
  expect((await complete(result)).outputs['completed']).toBe(true);
  expect((await setting.client.run('claimKey', EVENT)).outputs.result).toEqual({ truncated: true });
  const { body } = setting.network.sent.find(({ path }) => path === '/v1/ai/complete') ?? {};
  expect(body).toMatchObject({
    result_hash: createHash('sha256')
      .update(JSON.stringify({ value: result }))
      .digest('hex'),
  });
});

test('nor because the service takes less than ours', async () => {
  setting.network.fail(
    [() => Promise.resolve({ status: 413, headers: {}, body: { detail: 'too large' } })],
    '/v1/ai/complete',
  );
  expect((await complete({ report: 'long' })).outputs['completed']).toBe(true);
  expect((await setting.client.run('claimKey', EVENT)).outputs.result).toEqual({ truncated: true });
});

describe('what nobody can write as JSON again', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  test.each([
    ['nested more deeply than a writer gets through', deep(30_000)],
    ['nested too deeply for others', deep(501)],
    ['a circle', circle],
    ['a number beyond JSON', { id: 10n }],
  ])('does not leave the work open: %s', async (_, result) => {
    expect((await complete(result)).outputs['completed']).toBe(true);
    expect((await setting.client.run('claimKey', EVENT)).outputs.result).toEqual({ truncated: true });
  });

  test('and fails no other item', async () => {
    const keys = ['a', 'b'];
    const claimed = await setting.client.performMany(
      'claimKey',
      keys.map((key) => ({ inputs: { job: 'orders', key } })),
    );
    const completions = claimed.map((one, index) => ({
      inputs: {
        claim_token: 'outputs' in one ? one.outputs['claim_token'] : null,
        result: index === 0 ? deep(30_000) : 'done',
      },
    }));
    const completed = await setting.client.performMany('completeKey', completions);
    expect(completed).toMatchObject([{ outputs: { completed: true } }, { outputs: { completed: true } }]);
  });

  test('is not handed on where somebody else left it', async () => {
    const { outputs } = await setting.client.run('claimKey', EVENT);
    const [, lease_id, key] = /^claim_(.*?)\|(.*)$/.exec(String(outputs.claim_token)) ?? [];
    const body = `{"key":"${key ?? ''}","lease_id":"${lease_id ?? ''}","result":{"a":${JSON.stringify('x')},"b":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`;
    const { baseUrl, apiKey } = setting.world;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    await fetch(`${baseUrl}/v1/ai/complete`, { method: 'POST', headers, body });
    expect((await setting.client.run('claimKey', EVENT)).outputs).toMatchObject({
      status: 'completed',
      result: { truncated: true },
    });
  });

  test('is refused by its name where it is not what the work came to', async () => {
    for (const field of ['metadata', 'payload'] as const) {
      const inputs = { job: 'orders', key_from: field === 'payload' ? 'detect' : 'value', key: 'e9' };
      await expect(
        setting.client.perform('claimKey', { ...inputs, [field]: deep(30_000) }),
      ).rejects.toMatchObject({ code: 'invalid_input', details: { field } });
    }
  });
});

/** A model's answer: its thoughts fill the limit, and it says nothing. */
const silent = (thoughts: number) => ({
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: '', reasoning_content: 'hm '.repeat(thoughts) },
    },
  ],
  usage: { completion_tokens_details: { reasoning_tokens: 25_000 } },
});

describe('an empty result that is too large and to be rejected', () => {
  afterEach(async () => {
    expect(await setting.client.run('claimKey', EVENT)).toMatchObject({
      outputs: { status: 'claimed', attempt: 2 },
    });
  });

  test('fails the key, and says what it cost', async () => {
    expect((await complete(silent(30_000), { reject_empty: true })).outputs).toMatchObject({
      status: 'failed',
      completed: false,
      error_code: 'empty_output',
      message: expect.stringContaining('25000 tokens'),
    });
  });

  test('fails the key where only the service finds it too large', async () => {
    setting.network.fail(
      [() => Promise.resolve({ status: 413, headers: {}, body: { detail: 'too large' } })],
      '/v1/ai/complete',
    );
    expect((await complete(silent(3), { reject_empty: true })).outputs).toMatchObject({ status: 'failed' });
  });

  test('fails the key as one of many', async () => {
    const claim_token = (await setting.client.run('claimKey', EVENT)).outputs.claim_token;
    const item = { inputs: { claim_token, result: silent(30_000), reject_empty: true } };
    const [one] = await setting.client.performMany('completeKey', [item, { inputs: { claim_token: 'x' } }]);
    expect(one).toMatchObject({ outputs: { status: 'failed', error_code: 'empty_output' } });
  });
});

test('a list of 300,000 does not keep its work open', async () => {
  const list = Array.from({ length: 300_000 }, (_, n) => n);
  expect((await complete(list, { reject_empty: true })).outputs['completed']).toBe(true);
});
