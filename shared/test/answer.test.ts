import { readAnswer } from '../src/client/answer.ts';
import type { HttpResponse } from '../src/transport.ts';

const response = (status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  body,
});

/** Each error that the contract knows, as one typed error. */
const errors: readonly (readonly [string, HttpResponse, object])[] = [
  ['401', response(401, { detail: 'Missing Authorization Bearer token' }), { code: 'unauthorized' }],
  ['403 of a key', response(403, { detail: 'Invalid API key' }), { code: 'unauthorized' }],
  ['403 of a role', response(403, { detail: 'Not allowed on this plan' }), { code: 'forbidden' }],
  ['403 of a feature', response(403, { detail: { error: 'feature_not_available' } }), { code: 'forbidden' }],
  [
    '402',
    response(402, { detail: { error: 'payment_required', plan: 'free', upgrade_url: 'https://x.org/up' } }),
    { code: 'payment_required', message: expect.stringContaining('https://x.org/up') },
  ],
  [
    '422 as a list',
    response(422, { detail: [{ type: 't', loc: ['body', 'ttl'], msg: 'too long', input: 1 }] }),
    { code: 'invalid_input', details: { field: 'ttl' }, message: expect.stringContaining('ttl: too long.') },
  ],
  [
    '422 as text',
    response(422, { detail: 'Key is odd' }),
    { code: 'invalid_input', message: expect.stringContaining('Key is odd.') },
  ],
  [
    '422 of a fingerprint',
    response(422, { detail: { error: 'fingerprint_mismatch' } }),
    { code: 'fingerprint_mismatch' },
  ],
  [
    'a fingerprint as an outcome',
    response(200, { ok: false, status: 'fingerprint_mismatch' }),
    { code: 'fingerprint_mismatch' },
  ],
  [
    '429',
    response(429, { detail: { error: 'rate_limited' } }, { 'retry-after': '7' }),
    { code: 'rate_limited', details: { retryAfterSeconds: 7 } },
  ],
];

test.each(errors)('reads %s', (_, given, expected) => {
  expect(readAnswer('/v1/ai/lease', given)).toMatchObject({ error: expected, unclear: false });
});

test.each([
  ['a 500', response(500, { detail: 'x' }), 'server_error'],
  ['HTML in a 502', response(502, '<h1>Bad gateway</h1>'), 'server_error'],
  ['HTML in a 200', response(200, '<h1>Sign in</h1>'), 'unexpected_answer'],
  ['an empty 200', response(200, undefined), 'unexpected_answer'],
  ['a redirect', response(302, ''), 'unexpected_answer'],
  ['a page that is not there', response(404, { detail: 'Not Found' }), 'unexpected_answer'],
])('%s leaves open what happened', (_, given, code) => {
  expect(readAnswer('/v1/ai/lease', given)).toMatchObject({ error: { code }, unclear: true });
});

test.each([
  [404, { error: 'not_found' }, { status: 'not_found' }],
  [409, { error: 'lease_lost', status: 'completed' }, { status: 'lease_lost', state: 'completed' }],
  [409, { error: 'already_finished', status: 'failed' }, { status: 'already_finished', state: 'failed' }],
  [
    409,
    { error: 'Duplicate blocked', first_seen_at: '2025-01-15T10:30:00Z' },
    { status: 'duplicate', first_seen_at: '2025-01-15T10:30:00Z' },
  ],
])('reads the outcome in a %i %j', (status, detail, outcome) => {
  expect(readAnswer('/v1/ai/complete', response(status, { detail }))).toMatchObject({ answer: outcome });
});

test.each([
  ['/v1/ai/status', 404, 'Lease not found', { status: 'not_found' }],
  ['/v1/ai/complete', 404, 'Lease not found', { status: 'not_found' }],
  ['/v1/ai/extend', 410, 'Lease expired', { status: 'not_found' }],
  ['/v1/ai/complete', 409, 'Lease mismatch', { status: 'lease_lost' }],
  ['/v1/ai/fail', 409, 'Lease already completed', { status: 'already_finished', state: 'completed' }],
  ['/v1/check-lock', 409, 'Duplicate', { status: 'duplicate' }],
])('reads of %s a %i in words: %s', (path, status, detail, outcome) => {
  expect(readAnswer(path, response(status, { detail }))).toMatchObject({ answer: outcome });
});

test.each(['/v1/me', '/v1/check-lock', '/v1/ai/lease', '/v1/ai/status', '/v1/ai/complete', '/v1/ai/fail'])(
  'no answer of the contract is an answer of %s',
  (path) => {
    for (const body of [{ status: 'ok' }, { ok: true }, {}, { status: 'acquired' }, { status: 1 }])
      expect(readAnswer(path, response(200, body))).toMatchObject({
        error: { code: 'unexpected_answer' },
        unclear: true,
      });
  },
);

test('of a key that was given up, the hosted API’s words are not known: that the key’s answer is ok is enough', () => {
  const ok = { ok: true, key: 'orders:e1', status: 'cleared' };
  expect(readAnswer('/v1/ai/cancel', response(200, ok))).toEqual({ answer: ok });
  for (const body of [{ status: 'ok' }, { ok: true }, { ...ok, status: 'completed' }])
    expect(readAnswer('/v1/ai/cancel', response(200, body))).toMatchObject({
      error: { code: 'unexpected_answer' },
    });
});

/** What gateways answer; RFC 7807 has a detail as well. */
const OF_GATEWAYS = [
  '<h1>Forbidden</h1>',
  { message: 'Forbidden' },
  undefined,
  { detail: null },
  { detail: '' },
  { detail: [] },
  { detail: {} },
  { type: 'about:blank', title: 'Invalid token', detail: 'Duplicate API key' },
];
const PATHS = ['/v1/check-lock', '/v1/ai/lease', '/v1/ai/status', '/v1/ai/complete', '/v1/ai/cancel'];

test.each([400, 401, 402, 403, 404, 409, 410, 415, 422])(
  'a firewall’s %i says nothing of the API key, nor of the key',
  (status) => {
    const unexpected = { error: { code: 'unexpected_answer' }, unclear: true };
    for (const path of PATHS) {
      for (const body of OF_GATEWAYS)
        expect(readAnswer(path, response(status, body))).toMatchObject(unexpected);
      const problem = response(status, { detail: 'x' }, { 'content-type': 'application/problem+json' });
      expect(readAnswer(path, problem)).toMatchObject(unexpected);
    }
  },
);

test.each(['', 'a|b', 'a b', 'a,b', '{{a}}', 7])(
  'no token can carry the lease %j: no answer of ours',
  (lease_id) => {
    const acquired = response(200, { status: 'acquired', lease_id });
    expect(readAnswer('/v1/ai/lease', acquired)).toMatchObject({ error: { code: 'unexpected_answer' } });
  },
);

test('only what is called a duplicate is one', () => {
  expect(readAnswer('/v1/check-lock', response(409, { detail: 'Conflict' }))).toMatchObject({
    error: { code: 'unexpected_answer' },
  });
});

test.each([
  [
    301,
    'https://once.example.com/v1/me?secret=1',
    /not OnceOnly\. It leads on to https:\/\/once\.example\.com\. Check/,
  ],
  [302, '/login', /not OnceOnly\. Check/],
  [200, 'https://once.example.com', /not OnceOnly\. Check/],
])('a redirect says where it leads: %i to %s', (status, location, said) => {
  const reading = readAnswer('/v1/me', { status, headers: { location }, body: undefined });
  expect('error' in reading ? reading.error.message : '').toMatch(said);
});
