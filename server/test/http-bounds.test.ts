import { LIMITS } from '@onceonly/shared/limits.ts';
import { serve } from './support.ts';

/** What the wrong request of these many bytes may be answered with: an answer is never worth an attack. */
const ANSWER_BYTES = 200_000;

const zeros = (length: number): number[] => Array.from({ length }, () => 0);
const WRONG_ITEM = {
  ...{ key: 0, ttl: 'x', metadata: 0, holder: 0, run: 0, fingerprint: 0, max_attempts: 'x', retention: 'x' },
  ...{
    on_expired: 0,
    wait: 'x',
    source: 0,
    job: 0,
    headers: 0,
    fields: 0,
    signing_secret: 0,
    url: 0,
    method: 0,
  },
};

test('an answer names so many faults and no more, and at least one of each item', async () => {
  const server = await serve();
  const worst: readonly [path: string, body: object, bytes: number][] = [
    ['/v1/ai/lease', WRONG_ITEM, 10_000],
    ['/v1/ai/lease/batch', { items: Array.from({ length: 500 }, () => WRONG_ITEM) }, ANSWER_BYTES],
    [
      '/v1/ai/lease/batch',
      { items: Array.from({ length: 500 }, () => ({ fields: zeros(2_000) })) },
      ANSWER_BYTES,
    ],
    ['/v1/ai/complete/batch', { items: zeros(500) }, ANSWER_BYTES],
    ['/v1/ai/lease', { key: 'k', fields: zeros(100_000) }, 10_000],
    ['/v1/keys/derive', { payload: {}, fields: zeros(100_000) }, 10_000],
    ['/v1/keys/derive', { payload: {}, headers: zeros(100_000) }, 10_000],
    ['/v1/hooks', { url: 'https://example.com', events: zeros(130_000) }, 10_000],
    ['/v1/ai/lease/batch', { items: zeros(130_000) }, 10_000],
  ];
  for (const [path, body, bytes] of worst) {
    const { status, text } = await server.post(path, body);
    expect([path, status]).toEqual([path, path.endsWith('/batch') && status === 200 ? 200 : 422]);
    expect([path, text.length < bytes]).toEqual([path, true]);
  }
});

test('what is not listed is counted; a list that is too long is the one fault that is named', async () => {
  const server = await serve();
  const { body } = await server.post('/v1/ai/lease/batch', {
    items: Array.from({ length: 500 }, () => WRONG_ITEM),
  });
  const faultsOf = (index: number) => body.items[index]?.error?.detail ?? [];
  const all = Object.keys(WRONG_ITEM).length;
  expect(faultsOf(0)).toHaveLength(all);
  expect(faultsOf(499)).toEqual([
    expect.objectContaining({ type: 'string_type', loc: ['body', 'key'] }),
    { type: 'more', loc: ['body'], msg: `${String(all - 1)} more faults are not listed here.`, input: null },
  ]);
  const hook = await server.post('/v1/hooks', { url: 0, events: zeros(13) });
  expect(hook.body.detail).toEqual([
    {
      ...{ type: 'too_long', loc: ['body', 'events'], input: '[…]' },
      msg: 'events must be a list of 1 to 12 items, but it has 13.',
    },
  ]);
});

test('every list that a request may hold is bounded', async () => {
  const server = await serve();
  const { paths } = JSON.parse((await server.get('/openapi.json', { apiKey: null })).text) as {
    paths: Record<string, Record<string, { requestBody?: unknown }>>;
  };
  const unbounded: string[] = [];
  let lists = 0;
  const look = (at: string, schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { type, maxItems } = schema as { type?: unknown; maxItems?: unknown };
    const types = [type].flat();
    // What may be any JSON is worked on as text where it is large.
    if (types.includes('array') && !types.includes('boolean')) {
      lists += 1;
      if (typeof maxItems !== 'number' || maxItems > LIMITS.batchItems) unbounded.push(at);
    }
    for (const [name, each] of Object.entries(schema)) look(`${at}.${name}`, each);
  };
  for (const [path, methods] of Object.entries(paths))
    for (const { requestBody } of Object.values(methods)) look(path, requestBody);
  expect(lists).toBeGreaterThan(5);
  expect(unbounded).toEqual([]);
});

test('a body that is nested deeper than any result can be is refused before it is parsed', async () => {
  const server = await serve();
  const half = LIMITS.batchBodyBytes / 2 - 20;
  for (const deep of ['['.repeat(half) + ']'.repeat(half), '['.repeat(half), '{"a":'.repeat(half / 5)]) {
    const { status, body } = await server.post('/v1/ai/lease/batch', `{"items":${deep}}`);
    expect([status, body.detail]).toEqual([
      422,
      "The request's body is nested more than 32,778 levels deep.",
    ]);
  }
  const inText = JSON.stringify({ key: 'k', metadata: null, x: '[{'.repeat(50_000) });
  expect((await server.post('/v1/ai/lease', inText)).body.status).toBe('acquired');
});
