import { operations } from '@onceonly/shared';
import { openClient } from '../platforms/client.ts';
import { bundleOf, errorOf, openApp, openStub, useApp, appOn, madeEarlier, type App } from './harness.ts';

const at = useApp();
const MINUTE = 60_000;

describe('Get key status', () => {
  const claim = (key: string, more: Record<string, unknown> = {}) =>
    at.app.run('claimKey', { job: 'look', key, hold_minutes: 1, ...more });
  const token = async (key: string, more: Record<string, unknown> = {}) => ({
    claim_token: bundleOf(await claim(key, more))['claim_token'],
  });

  test.each<[string, (key: string) => Promise<unknown>]>([
    ['never_claimed', () => Promise.resolve()],
    ['in_progress', (key) => claim(key)],
    [
      'completed',
      async (key) => at.app.run('completeKey', { ...(await token(key)), result: { invoice: 'INV-1042' } }),
    ],
    [
      'failed',
      async (key) => at.app.run('failKey', { ...(await token(key)), reason: 'x', retryable: false }),
    ],
    [
      'exhausted',
      async (key) => at.app.run('failKey', { ...(await token(key, { max_attempts: 1 })), reason: 'y' }),
    ],
    [
      'unresolved',
      async (key) => {
        await claim(key, { if_run_died: 'block' });
        at.world.advance(2 * MINUTE);
      },
    ],
  ])('of a key that is %s says the same as the client', async (key, arrange) => {
    await arrange(key);
    const client = openClient(at.world);
    const expected = await client.run('getKey', { job: 'look', key });
    const found = bundleOf(await at.app.run('getKey', { job: 'look', key }));
    expect({ kind: 'continued', outputs: found }).toEqual(expected);
    expect(Object.keys(found)).toEqual(operations.getKey.outputs.map(({ id }) => id));
  });
});

describe('List keys', () => {
  let operator: App;
  beforeAll(async () => {
    operator = await openApp({ ...at.world, apiKey: at.world.operatorKey });
    await Promise.all(
      Array.from({ length: 25 }, (_, index) => at.app.run('lockKey', { job: 'other', key: String(index) })),
    );
    for (let index = 0; index < 12; index += 1)
      bundleOf(await at.app.run('claimKey', { job: 'listed', key: `k${String(index).padStart(2, '0')}` }));
  });

  const keysOf = (result: Awaited<ReturnType<App['run']>>): unknown[] =>
    'bundles' in result ? result.bundles.map(({ key }) => key) : [result.error];

  test('gives a bundle for each key, up to the limit of ten', async () => {
    const result = await operator.run('listKeys', { prefix: 'listed:', limit: 10 });
    expect(new Set(keysOf(result)).size).toBe(10);
    expect('bundles' in result && result.bundles[0]).toMatchObject({
      key: expect.stringMatching(/^listed:k/),
      status: 'in_progress',
      attempt: 1,
      unresolved: false,
      claimed_at: expect.stringMatching(/^2026-11-25T/),
    });
  });

  test('takes only what is asked for', async () => {
    const prefixed = await operator.run('listKeys', {
      prefix: 'listed:k0',
      status: 'in_progress',
      limit: 100,
    });
    expect(keysOf(prefixed)).toHaveLength(10);
    expect(await operator.run('listKeys', { prefix: 'listed:', status: 'completed', limit: 100 })).toEqual({
      bundles: [],
    });
  });

  test('of an automation key says which key it takes', async () => {
    expect(errorOf(await at.app.run('listKeys', { limit: 10 }))).toEqual({
      type: 'DataError',
      message: expect.stringContaining('use one with the role operator'),
    });
  });

  test('reads page after page, and no more than the limit needs', async () => {
    const pages = [
      { items: [{ key: 'a' }, { key: 'b' }], cursor: 'c1' },
      { items: [{ key: 'c' }], cursor: 'c2' },
      { items: [{ key: 'd' }], cursor: null },
    ];
    let next = 0;
    const stub = await openStub((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(pages[next]));
      next += 1;
    });
    const app = appOn(await madeEarlier(stub.baseUrl));
    expect(keysOf(await app.run('listKeys', { limit: 3 }))).toEqual(['a', 'b', 'c']);
    expect(stub.came.map(({ url }) => url)).toEqual(['/v1/keys?limit=3', '/v1/keys?limit=3&cursor=c1']);
    next = 0;
    expect(keysOf(await app.run('listKeys', { limit: 900 }))).toEqual(['a', 'b', 'c', 'd']);
    expect(stub.came[2]?.url).toBe('/v1/keys?limit=500');
  });
});

describe('Make an API call', () => {
  test('reaches what no other module does', async () => {
    expect(bundleOf(await at.app.run('makeApiCall', { url: '/v1/usage', method: 'GET' }))).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': expect.stringContaining('application/json') },
      body: { kind: 'make', usage: expect.any(Number) },
    });
    expect(
      bundleOf(
        await at.app.run('makeApiCall', {
          url: '/v1/ai/lease',
          method: 'POST',
          headers: [{ key: 'content-type', value: 'application/json' }],
          body: '{"key":"by:hand"}',
        }),
      ),
    ).toMatchObject({ body: { status: 'acquired' } });
    expect(
      bundleOf(
        await at.app.run('makeApiCall', {
          url: 'v1/ai/status',
          method: 'GET',
          qs: [{ key: 'key', value: 'by:hand' }],
        }),
      ),
    ).toMatchObject({ body: { status: 'in_progress' } });
  });

  test.each(['https://evil.example/steal', '//evil.example/steal', '/\\evil.example/steal'])(
    'refuses %s before it is sent',
    async (url) => {
      expect(errorOf(await at.app.run('makeApiCall', { url, method: 'GET' })).type).toBe(
        'BundleValidationError',
      );
    },
  );

  test('cannot send the API key elsewhere, even where the form checks nothing', async () => {
    const evil = await openStub((_, response) => response.end('got it'));
    const { host } = new URL(evil.baseUrl);
    const module = at.app.made.app.modules['makeApiCall'];
    if (module === undefined) throw new Error('No module.');
    const parameters = module.parameters.map((each) => ({ ...each, validate: undefined }));
    const unchecked = appOn({
      ...at.app.made,
      app: {
        ...at.app.made.app,
        modules: { makeApiCall: { ...module, parameters } },
      },
    });
    for (const url of [evil.baseUrl, `//${host}/x`, `@${host}/x`, `\\\\${host}/x`, `..//${host}/x`]) {
      expect(errorOf(await unchecked.run('makeApiCall', { url, method: 'GET' })).type).toBe('DataError');
    }
    expect(evil.came).toEqual([]);
  });
});
