import { createClient, isOnceOnlyError, type Item, type Performed, type Transport } from '@onceonly/shared';
import { unreachable } from './faults.ts';
import { openSetting, type Setting } from './setting.ts';

/** Many items at once: each has its own outcome, and one key one winner. */

let setting: Setting;
afterEach(() => setting.close());

const claims = (keys: readonly string[], more: object = {}): Item[] =>
  keys.map((key, index) => ({
    inputs: { job: 'orders', key, ...more },
    context: { holder: `run-1/${String(index)}`, run: 'run-1' },
  }));

const distinct = (count: number): string[] => Array.from({ length: count }, (_, n) => `e${String(n)}`);

const status = (one: Performed | undefined): unknown =>
  one === undefined || 'error' in one ? one?.error.code : one.outputs['status'];

const paths = (): string[] => setting.network.sent.map(({ path }) => path);

describe('on a service that takes batches', () => {
  beforeEach(async () => {
    setting = await openSetting('own');
  });

  test('1,000 claims are two requests, and so are 1,000 completions', async () => {
    const first = await setting.client.performMany('claimKey', claims(distinct(1_000)));
    expect(new Set(first.map(status))).toEqual(new Set(['claimed']));
    const completions = first.map((one) => ({
      inputs: { claim_token: 'outputs' in one ? one.outputs['claim_token'] : null, result: 'done' },
    }));
    const completed = await setting.client.performMany('completeKey', completions);
    expect(new Set(completed.map(status))).toEqual(new Set(['completed']));
    expect(paths()).toEqual([
      '/v1/me',
      ...Array<string>(2).fill('/v1/ai/lease/batch'),
      ...Array<string>(2).fill('/v1/ai/complete/batch'),
    ]);
    const again = await setting.client.performMany('claimKey', claims(distinct(1_000)));
    expect(new Set(again.map(status))).toEqual(new Set(['completed']));
  });

  test('a batch is cut by its bytes, too', async () => {
    const metadata = { note: 'x'.repeat(2_000) };
    await setting.client.performMany('claimKey', claims(distinct(500), { metadata }));
    expect(paths().filter((path) => path.endsWith('/batch'))).toHaveLength(1);
    const long = claims(
      distinct(500).map((key) => key + 'ß'.repeat(200)),
      { metadata, fingerprint: 'f'.repeat(128), run_reference: undefined },
    );
    await setting.client.performMany('claimKey', [...long, ...long]);
    expect(paths().filter((path) => path.endsWith('/batch')).length).toBeGreaterThan(2);
  });

  test('after completions without any answer, failures of theirs are never sent', async () => {
    const { client, network } = setting;
    const claimed = await client.performMany('claimKey', claims(['a', 'b']));
    const tokens = claimed.map((one) => ('outputs' in one ? one.outputs['claim_token'] : null));
    network.fail([unreachable, unreachable, unreachable, unreachable], '/v1/ai/complete/batch');
    const completions = tokens.map((claim_token) => ({ inputs: { claim_token } }));
    expect((await client.performMany('completeKey', completions)).map(status)).toEqual([
      'no_answer',
      'no_answer',
    ]);
    const failed = await client.performMany('failKey', completions);
    expect(failed.map(status)).toEqual(['completion_unknown', 'completion_unknown']);
  });

  test('a key that comes twice has one winner, and nobody waits for oneself', async () => {
    const performed = await setting.client.performMany('claimKey', claims(['a', 'b', 'a']));
    expect(performed.map(status)).toEqual(['claimed', 'claimed', 'in_progress']);
    expect(setting.time.now()).toBe(0);
  });

  test('keys that another run holds do not keep new ones waiting', async () => {
    await setting.other.run('claimKey', { job: 'orders', key: 'a' });
    const performed = await setting.client.performMany('claimKey', claims(['a', 'b']));
    expect(performed.map(status)).toEqual(['in_progress', 'claimed']);
    expect(setting.time.now()).toBe(0);
  });

  /** How many items were told to have been stopped. */
  async function stopped(): Promise<number> {
    const { baseUrl, apiKey } = setting.world;
    const headers = { authorization: `Bearer ${apiKey}` };
    const events = await fetch(`${baseUrl}/v1/events?type=duplicate`, { headers });
    return ((await events.json()) as { items: unknown[] }).items.length;
  }

  test('an item that is stopped counts once, however often it was asked for, and one that waits not yet', async () => {
    for (const key of ['a', 'b']) await setting.other.run('claimKey', { job: 'orders', key });
    await setting.client.performMany('claimKey', claims(['a', 'b']));
    expect(await stopped()).toBe(2);
    await setting.client.performMany('claimKey', claims(['a', 'new', 'new']));
    expect(await stopped()).toBe(4);
    await setting.client.performMany('claimKey', claims(['a', 'b'], { while_in_progress: 'retry_later' }));
    expect(await stopped()).toBe(4);
  });

  test('where another run holds all keys, they are waited for', async () => {
    for (const key of ['a', 'b']) await setting.other.run('claimKey', { job: 'orders', key });
    const performed = await setting.client.performMany('claimKey', claims(['a', 'b']));
    expect(performed.map(status)).toEqual(['in_progress', 'in_progress']);
    expect(setting.time.now()).toBeGreaterThanOrEqual(18_000);
    expect(setting.time.now()).toBeLessThanOrEqual(20_000);
  });

  test('sent again by the same run, every item finds its own claim', async () => {
    await setting.client.performMany('claimKey', claims(['a', 'b']));
    const again = await setting.client.performMany('claimKey', claims(['a', 'b']));
    expect(again.map((one) => 'outputs' in one && one.outputs['reentrant'])).toEqual([true, true]);
  });

  test('an item that cannot be used fails alone', async () => {
    const performed = await setting.client.performMany('claimKey', claims(['a', ' ', 'b'.repeat(300)]));
    expect(performed.map(status)).toEqual(['claimed', 'invalid_input', 'invalid_input']);
  });

  test('a result that is too large does not keep its work open', async () => {
    const won = await setting.client.performMany('claimKey', claims(['a', 'b']));
    const results = ['x'.repeat(70_000), 'small'];
    const items = won.map((one, index) => ({
      inputs: {
        claim_token: 'outputs' in one ? one.outputs['claim_token'] : null,
        result: results[index],
      },
    }));
    const completed = await setting.client.performMany('completeKey', items);
    expect(completed.map(status)).toEqual(['completed', 'completed']);
  });

  test.each([
    ['retry_later', 'no_answer'],
    ['continue', 'unprotected'],
  ])('without an answer, and %s chosen, each is %s', async (when_unreachable, expected) => {
    setting.network.fail(Array.from({ length: 99 }, () => unreachable));
    const performed = await setting.client.performMany(
      'claimKey',
      claims(distinct(30), { when_unreachable }),
    );
    expect(new Set(performed.map(status))).toEqual(new Set([expected]));
    expect(paths().length).toBeLessThan(8);
  });

  test('where batches stop being answered, their claims are not taken for made', async () => {
    await setting.client.me();
    setting.network.fail(
      Array.from({ length: 99 }, () => unreachable),
      '/v1/ai/lease/batch',
    );
    const performed = await setting.client.performMany('claimKey', claims(distinct(1_001)));
    expect(performed.every((one) => 'error' in one && isOnceOnlyError(one.error))).toBe(true);
    expect(paths().filter((path) => path.endsWith('/batch'))).toHaveLength(4);
  });
});

describe('on a service without batches', () => {
  beforeEach(async () => {
    setting = await openSetting('hosted', { deadlineMs: 5_000 });
  });

  test('items go one by one, a few at a time', async () => {
    const performed = await setting.client.performMany('claimKey', claims([...distinct(20), 'e0']));
    expect(performed.slice(0, 20).map(status)).toEqual(Array<string>(20).fill('claimed'));
    expect(status(performed[20])).toBe('in_progress');
  });

  test('once nothing is answered, the rest is not tried', async () => {
    await setting.client.me();
    setting.network.fail(
      Array.from({ length: 999 }, () => unreachable),
      '/v1/ai/lease',
    );
    const performed = await setting.client.performMany('claimKey', claims(distinct(200)));
    expect(new Set(performed.map(status))).toEqual(new Set(['no_answer']));
    expect(paths().length).toBeLessThan(40);
  });
});

test('of more items than a call of a function takes arguments, each has its outcome', async () => {
  setting = await openSetting('own');
  // A service that has seen all of them: only the client is at work.
  const seen: Transport = ({ path, body }) => {
    const sent = (body?.['items'] ?? []) as readonly { readonly key: string }[];
    const answer =
      path === '/v1/me'
        ? { plan: 'self-hosted', capabilities: ['batch', 'holder', 'run'] }
        : { items: sent.map(({ key }) => ({ ok: true, status: 'completed', key })) };
    return Promise.resolve({ status: 200, headers: {}, body: answer });
  };
  const client = createClient(seen, { platform: 'node', ...setting.time });
  const performed = await client.performMany('claimKey', claims(distinct(130_000)));
  expect(performed).toHaveLength(130_000);
  expect(new Set(performed.map(status))).toEqual(new Set(['completed']));
});
