import { serve } from './support.ts';

const PATHS = [
  ...['/healthz get', '/readyz get', '/v1/check-lock post', '/v1/ai/lease post', '/v1/ai/lease/batch post'],
  ...['/v1/ai/status get', '/v1/ai/result get', '/v1/ai/extend post', '/v1/ai/complete post'],
  ...['/v1/ai/complete/batch post', '/v1/ai/fail post', '/v1/ai/cancel post', '/v1/me get', '/v1/usage get'],
  ...['/v1/usage/all get', '/v1/events get', '/v1/metrics get', '/v1/keys get', '/v1/keys/resolve post'],
  '/v1/groups/clear-mark post',
  ...[
    '/v1/make/claimKey post',
    '/v1/make/completeKey post',
    '/v1/make/failKey post',
    '/v1/make/extendClaim post',
    '/v1/make/releaseKey post',
    '/v1/make/lockKey post',
    '/v1/make/getKey get',
    '/v1/make/event post',
  ],
  ...['/v1/hooks post', '/v1/hooks get', '/v1/hooks delete', '/v1/hooks/deliveries get'],
  ...['/v1/keys/derive post', '/v1/metrics/jobs get', '/v1/session post', '/v1/session delete'],
];

interface Content {
  readonly content: { readonly 'application/json': { readonly schema: object } };
}

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly summary?: string;
            readonly parameters?: unknown;
            readonly security?: unknown;
            readonly requestBody?: Content;
            readonly responses: Readonly<Record<string, Content>>;
          }
        >
      >
    >
  >;
}

async function description(): Promise<Described> {
  const server = await serve();
  const { text } = await server.get('/openapi.json', { apiKey: null });
  return JSON.parse(text) as Described;
}

test('/openapi.json describes every route, and what it answers', async () => {
  const { openapi, paths } = await description();
  expect(openapi).toBe('3.1.0');
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${path} ${method}`),
  );
  expect(described.sort()).toEqual([...PATHS].sort());
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    expect(operation.summary).toMatch(/./);
    expect(operation.responses['200']?.content['application/json'].schema).toBeDefined();
    expect(operation.responses['4XX']?.content['application/json'].schema).toBeDefined();
  }
});

test('every schema says what it is of: a type, its words, or what it is made of', async () => {
  const saysNothing: string[] = [];
  const look = (schema: unknown, at: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const {
      type,
      enum: words,
      anyOf,
      allOf,
      const: only,
      properties,
      items,
    } = schema as Record<string, unknown>;
    if ([type, words, anyOf, allOf, only].every((each) => each === undefined)) saysNothing.push(at);
    for (const [name, member] of Object.entries(properties ?? {})) look(member, `${at}.${name}`);
    if (items !== undefined) look(items, `${at}[]`);
    if (Array.isArray(anyOf)) for (const each of anyOf as unknown[]) look(each, at);
  };
  for (const [path, item] of Object.entries((await description()).paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(item)) {
      const contents = [['sent', requestBody] as const, ...Object.entries(responses)];
      for (const [what, body] of contents) {
        if (body) look(body.content['application/json'].schema, `${method} ${path} ${what}`);
      }
    }
  }
  expect(saysNothing).toEqual([]);
});

test('requests are described by the schemas that check them', async () => {
  const { paths } = await description();
  const schemaOf = (path: string): unknown =>
    paths[path]?.['post']?.requestBody?.content['application/json'].schema;
  expect(schemaOf('/v1/ai/lease')).toMatchObject({
    properties: {
      key: { type: 'string', minLength: 1, maxLength: 256 },
      ttl: { type: ['integer', 'null'], minimum: 1, maximum: 2_678_400 },
      on_expired: { enum: ['retry', 'block', null] },
      source: { enum: expect.arrayContaining(['detect', 'stripe', 'generic', null]) },
    },
  });
  expect(schemaOf('/v1/ai/lease/batch')).toMatchObject({
    properties: {
      items: { minItems: 1, maxItems: 500, items: { properties: { key: {}, source: {}, payload: {} } } },
    },
  });
  expect(paths['/v1/ai/status']?.['get']?.parameters).toMatchObject([
    { in: 'query', name: 'key', required: true },
  ]);
  expect(paths['/healthz']?.['get']?.security).toEqual([]);
});

test('the description holds together: no reference leads nowhere, every type is known, every pattern compiles', async () => {
  const text = JSON.stringify(await description());
  expect(text).not.toContain('"$ref"');
  const types = new Set<unknown>();
  const patterns = new Set<string>();
  JSON.parse(text, (name, value: unknown) => {
    if (name === 'type' && (typeof value === 'string' || Array.isArray(value))) {
      for (const type of [value].flat() as unknown[]) types.add(type);
    }
    if (name === 'pattern' && typeof value === 'string') patterns.add(value);
    return value;
  });
  expect([...types].sort()).toEqual([
    'array',
    'boolean',
    'http',
    'integer',
    'null',
    'number',
    'object',
    'string',
  ]);
  // Text, and the address of a run.
  const fitting = [...patterns].map((pattern) => new RegExp(pattern, 'u').test('https://example.org'));
  expect(fitting).toEqual([true, true]);
});
