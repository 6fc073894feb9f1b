import { refusalOf, serve } from './support.ts';

const ONE_FAULT: readonly [body: object, type: string, field: string, msg: string][] = [
  [
    {},
    'missing',
    'key',
    'key is missing; it must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [
    { key: 5 },
    'string_type',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [
    { key: '' },
    'string_too_short',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [
    { key: 'x'.repeat(300) },
    'string_too_long',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character, but it has 300.',
  ],
  [
    { key: 'a\0b' },
    'string_pattern_mismatch',
    'key',
    'key must be text of 1 to 256 characters, none of them NUL or half a character.',
  ],
  [{ key: 'k', ttl: 0 }, 'greater_than_equal', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', ttl: 2_678_401 }, 'less_than_equal', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', ttl: 1.5 }, 'int_type', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', ttl: '60' }, 'int_type', 'ttl', 'ttl must be a whole number from 1 to 2,678,400.'],
  [{ key: 'k', metadata: 'x' }, 'dict_type', 'metadata', 'metadata must be a JSON object.'],
  [
    { key: 'k', metadata: { x: 'y'.repeat(2_048) } },
    'too_long',
    'metadata',
    'metadata has 2,056 bytes as JSON; it may have at most 2,048.',
  ],
  [
    { key: 'k', holder: 'k' },
    'value_error',
    'holder',
    'holder must name one run of one step and must not be the key itself, or every run would take itself for the first.',
  ],
  [
    { key: 'k', holder: 'x'.repeat(129) },
    'string_too_long',
    'holder',
    'holder must be text of 1 to 128 characters, none of them NUL or half a character, but it has 129.',
  ],
  [
    { key: 'k', run: '' },
    'string_too_short',
    'run',
    'run must be text of 1 to 128 characters, none of them NUL or half a character.',
  ],
  [
    { key: 'k', fingerprint: [] },
    'string_type',
    'fingerprint',
    'fingerprint must be text of 1 to 128 characters, none of them NUL or half a character.',
  ],
  [
    { key: 'k', max_attempts: 1_001 },
    'less_than_equal',
    'max_attempts',
    'max_attempts must be a whole number from 1 to 1,000.',
  ],
  [
    { key: 'k', retention: 0 },
    'greater_than_equal',
    'retention',
    'retention must be a whole number from 1 to 34,560,000.',
  ],
  [{ key: 'k', on_expired: 'skip' }, 'enum', 'on_expired', 'on_expired must be “retry” or “block”.'],
  [
    { key: 'k', wait: 5 },
    'value_error',
    'wait',
    'wait needs holder, so that asking again finds the lease that was waited for.',
  ],
  [{ key: 'k', holder: 'h', wait: 26 }, 'less_than_equal', 'wait', 'wait must be a number from 0 to 25.'],
];

test('each wrong field of a claim is named with its limit, and nothing is claimed', async () => {
  const server = await serve();
  for (const [body, type, field, msg] of ONE_FAULT) {
    const detail = await refusalOf(server, '/v1/ai/lease', body);
    expect(detail).toEqual(
      [{ type, loc: ['body', field], msg, input: expect.anything() }].map((fault) =>
        type === 'missing' ? { ...fault, input: null } : fault,
      ),
    );
    expect(JSON.stringify(detail[0]?.input).length).toBeLessThan(120);
  }
  expect(
    (await server.store.claims.list({ tenant: 'acme', prefix: '', status: null, limit: 10, cursor: null }))
      .items,
  ).toEqual([]);
});

test.each([
  [{ key: '   ' }, 'key has no letter or digit in it'],
  [{ key: '-' }, 'key has no letter or digit in it'],
  [{ key: 'orders:' }, 'key has no letter or digit in it'],
  [{ key: 'orders: - ' }, 'key has no letter or digit in it'],
  [{ key: ':evt_1' }, 'key begins with a job that has no letter or digit in it'],
  [{ key: 'orders:{{1.id}}' }, 'key still has “{{” and “}}” in it'],
  [{ key: 'orders:{{ $json.body.id }}' }, 'key still has “{{” and “}}” in it'],
  [{ key: 'orders:[object Object]' }, 'key holds “[object Object]”'],
  [{ job: ' ', payload: { id: 1 } }, 'job has no letter or digit in it'],
  [{ job: '{{1.job}}', payload: { id: 1 } }, 'job still has “{{” and “}}” in it'],
])('%j, which nobody can mean, is refused wherever a claim is made', async (named, msg) => {
  const server = await serve();
  const [field = ''] = Object.keys(named);
  const fault = { loc: ['body', field], msg: expect.stringContaining(msg) };
  for (const path of ['/v1/ai/lease', '/v1/check-lock'])
    expect(await refusalOf(server, path, named)).toEqual([expect.objectContaining(fault)]);
  const { body } = await server.post('/v1/ai/lease/batch', { items: [named] });
  expect(body.items[0]?.error).toEqual({ status: 422, detail: [expect.objectContaining(fault)] });
});

test('all faults are told at once, and lone surrogates are one', async () => {
  const server = await serve();
  const detail = await refusalOf(server, '/v1/ai/lease', '{"key":"a\\ud800b","ttl":"x","holder":7}');
  expect(detail.map((fault) => fault.loc[1])).toEqual(['key', 'ttl', 'holder']);
});

test('characters are code points', async () => {
  const server = await serve();
  expect((await server.post('/v1/ai/lease', { key: '😀'.repeat(256) })).body.status).toBe('acquired');
  expect((await server.get(`/v1/ai/status?key=${encodeURIComponent('😀'.repeat(256))}`)).body.status).toBe(
    'in_progress',
  );
  await refusalOf(server, '/v1/ai/lease', { key: '😀'.repeat(257) });
});

test('null is the same as absent, and unknown fields are ignored', async () => {
  const server = await serve();
  const nulls = { ttl: null, metadata: null, holder: null, run: null, fingerprint: null, max_attempts: null };
  const body = { key: 'k', ...nulls, retention: null, on_expired: null, wait: null, agent: { x: 1 }, __v: 2 };
  expect((await server.post('/v1/ai/lease', body)).body).toMatchObject({ status: 'acquired', ttl: 3_600 });
});

test('wrong fields of the other calls are named', async () => {
  const server = await serve();
  const cases: [string, object, string[]][] = [
    ['/v1/check-lock', { ttl: 1 }, ['key']],
    ['/v1/check-lock', { key: 'k', holder: 'k' }, ['holder']],
    ['/v1/check-lock', { key: 'k', max_attempts: 3 }, ['max_attempts']],
    ['/v1/check-lock', { key: 'k', metadata: { x: 'y'.repeat(3_000) } }, ['metadata']],
    ['/v1/ai/complete', { key: 'k' }, ['lease_id']],
    ['/v1/ai/complete', { key: 'k', lease_id: 'l', result: [1] }, ['result']],
    ['/v1/ai/complete', { key: 'k', lease_id: 'l', result: 'text' }, ['result']],
    ['/v1/ai/complete', { key: 'k', lease_id: 'l', reject_empty: 'yes' }, ['reject_empty']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l' }, ['error_code']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l', error_code: 'x'.repeat(257) }, ['error_code']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l', error_code: 'e', retryable: 1 }, ['retryable']],
    ['/v1/ai/fail', { key: 'k', lease_id: 'l', error_code: 'e', effect: 'some' }, ['effect']],
    ['/v1/ai/extend', { key: 'k', lease_id: 'l', ttl: -1 }, ['ttl']],
    ['/v1/ai/cancel', { key: 'k', lease_id: 5 }, ['lease_id']],
    ['/v1/ai/lease/batch', { items: [] }, ['items']],
    ['/v1/ai/lease/batch', { items: Array.from({ length: 501 }, () => ({ key: 'k' })) }, ['items']],
    ['/v1/ai/lease/batch', { items: {} }, ['items']],
  ];
  for (const [path, body, fields] of cases) {
    const detail = await refusalOf(server, path, body);
    expect([path, detail.map((fault) => fault.loc[1])]).toEqual([path, fields]);
    expect(detail[0]?.msg).toMatch(new RegExp(`^${fields.join()} .+\\.$`));
  }
  for (const query of ['', '?key=', '?key=a&key=b', `?key=${'x'.repeat(300)}`]) {
    const reply = await server.get(`/v1/ai/status${query}`);
    expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['query', 'key']]);
  }
});
