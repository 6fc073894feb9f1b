import { createHmac } from 'node:crypto';
import { serve, type TestServer } from './support.ts';

const EVENT = {
  id: 'evt_1N3T00LkdIwHu7ix',
  object: 'event',
  type: 'invoice.paid',
  created: 1_764_060_000,
  data: { object: { id: 'in_1' } },
};
const SECRET = 'whsec_5f8d2b7c9e1a4f60b3c2d1e0f9a8b7c6';
const TEXT = JSON.stringify(EVENT);

/** As the sender signs it, at the server's time or `ago` seconds before. */
function signed(server: TestServer, ago = 0, secret = SECRET) {
  const time = String(Math.floor(server.now() / 1_000) - ago);
  const signature = createHmac('sha256', secret).update(`${time}.${TEXT}`).digest('hex');
  return {
    payload: TEXT,
    headers: { 'stripe-signature': `t=${time},v1=${signature}` },
    signing_secret: SECRET,
  };
}

const hubspot = (attemptNumber: number, ...events: number[]) =>
  events.map((eventId) => ({
    ...{ eventId, attemptNumber, subscriptionId: 5, portalId: 7, occurredAt: 1_764_060_000_000 },
    ...{ subscriptionType: 'contact.creation', objectId: 9 },
  }));

async function nothingClaimed(server: TestServer): Promise<void> {
  const operator = await server.newKey({ role: 'operator' });
  expect((await server.get('/v1/keys', { apiKey: operator })).body.items).toEqual([]);
}

test('a delivery tells its key, who sent it, and that nobody checked', async () => {
  const server = await serve();
  const { status, text } = await server.post('/v1/keys/derive', { payload: EVENT, job: 'orders' });
  expect(status).toBe(200);
  const answer: unknown = JSON.parse(text);
  expect(answer).toEqual({
    ok: true,
    source: 'stripe',
    source_label: 'Stripe',
    docs: 'https://docs.stripe.com/webhooks#handle-duplicate-events',
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    keys: [{ key: 'orders:evt_1N3T00LkdIwHu7ix', fingerprint: expect.any(String) }],
    made_from: '“id”',
    warnings: [],
    ignored: [],
    signature_checked: false,
  });
  await nothingClaimed(server);
});

test('several events in one body have a key each, and none alone', async () => {
  const server = await serve();
  const derived = await server.post('/v1/keys/derive', { source: 'detect', payload: hubspot(0, 1, 2) });
  expect(derived.body).toMatchObject({ source: 'hubspot', key: null, fingerprint: null });
  const keys = (JSON.parse(derived.text) as { keys: readonly { key: string }[] }).keys.map(({ key }) => key);
  expect(keys).toEqual(['7:5:1:1764060000000:9', '7:5:2:1764060000000:9']);
  const lease = await server.post('/v1/ai/lease', { source: 'hubspot', payload: hubspot(0, 1, 2) });
  expect([lease.status, lease.body.detail[0]?.loc]).toEqual([422, ['body', 'payload']]);
  await nothingClaimed(server);
});

test('chosen fields and what was left out', async () => {
  const server = await serve();
  const body = { payload: { order: { id: 5 }, timestamp: 1 } };
  const whole = await server.post('/v1/keys/derive', body);
  expect(whole.body).toMatchObject({ made_from: 'the whole content', warnings: ['timestamp'], ignored: [] });
  const left = await server.post('/v1/keys/derive', { ...body, leave_out: ['timestamp'] });
  expect(left.body).toMatchObject({ source: 'generic', warnings: [], ignored: ['timestamp'] });
  expect(left.body.key).not.toBe(whole.body.key);
  const claim = await server.post('/v1/ai/lease', { source: 'detect', ...body });
  expect(claim.body).toMatchObject({
    key: whole.body.key,
    made_from: 'the whole content',
    warnings: ['timestamp'],
  });
  const chosen = await server.post('/v1/keys/derive', { ...body, fields: ['order.id'] });
  expect(chosen.body).toMatchObject({ source: 'generic', ignored: [] });
  expect(chosen.body.key).not.toBe(whole.body.key);
});

test('ids of nineteen digits are told apart, as JSON numbers too', async () => {
  const server = await serve();
  const keyOf = async (id: string): Promise<string> =>
    (await server.post('/v1/keys/derive', `{"payload":{"id":${id}}}`)).body.key;
  expect(await keyOf('9007199254740993001')).not.toBe(await keyOf('9007199254740993002'));
  const parsed = await keyOf('9007199254740993001');
  const asText = await server.post('/v1/keys/derive', { payload: '{ "id": 9007199254740993001 }' });
  expect(asText.body.key).toBe(parsed);
});

test('a number that no double holds is refused by its place', async () => {
  const server = await serve();
  for (const path of ['/v1/keys/derive', '/v1/ai/lease']) {
    const reply = await server.post(path, '{"payload":{"a":1e400}}');
    expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['body', 'payload']]);
    expect(reply.body.detail[0]?.msg).toContain('“a”');
  }
});

test('a delivery is claimed by the key that it has, however often it comes', async () => {
  const server = await serve();
  const claim = (pending_webhooks: number, holder: string) =>
    server.post('/v1/ai/lease', {
      source: 'detect',
      payload: { ...EVENT, pending_webhooks },
      job: 'orders',
      holder,
    });
  const first = await claim(2, 'a');
  expect(first.body).toMatchObject({
    ...{ status: 'acquired', key: 'orders:evt_1N3T00LkdIwHu7ix', source: 'stripe', charged: 1 },
  });
  expect((await claim(1, 'b')).body).toMatchObject({
    status: 'in_progress',
    source: 'stripe',
    lease_id: null,
  });
  expect((await claim(1, 'a')).body).toMatchObject({ status: 'acquired', reentrant: true });
  const byKey = await server.post('/v1/ai/lease', { key: 'orders:evt_1N3T00LkdIwHu7ix' });
  expect(byKey.body.status).toBe('in_progress');
  expect(byKey.body).not.toHaveProperty('source');
});

test('a delivery is checked once by the key that it has', async () => {
  const server = await serve();
  const check = (more: object) =>
    server.post('/v1/check-lock', { source: 'detect', payload: EVENT, job: 'orders', ...more });
  expect((await check({})).body).toMatchObject({
    ...{ status: 'locked', key: 'orders:evt_1N3T00LkdIwHu7ix', source: 'stripe' },
  });
  expect((await check({ pending_webhooks: 1 })).body).toMatchObject({
    status: 'duplicate',
    source: 'stripe',
  });
  expect((await check({ fingerprint: 'f' })).body.detail[0]?.loc).toEqual(['body', 'fingerprint']);
  expect((await check({ payload: {} })).body.detail[0]?.loc).toEqual(['body', 'payload']);
  expect((await server.post('/v1/check-lock', { key: 'k' })).body).not.toHaveProperty('source');
});

test('two events that share a key by mistake are told apart by what they are about', async () => {
  const server = await serve();
  await server.post('/v1/ai/lease', { source: 'stripe', payload: EVENT });
  const other = await server.post('/v1/ai/lease', {
    source: 'stripe',
    payload: { ...EVENT, type: 'charge.failed' },
  });
  expect([other.status, other.body.detail]).toEqual([422, { error: 'fingerprint_mismatch' }]);
});

test('in a batch, each item has its own delivery, key or fault', async () => {
  const server = await serve();
  const { body } = await server.post('/v1/ai/lease/batch', {
    items: [
      { source: 'detect', payload: EVENT },
      { key: 'k', status: 'a member that nobody knows' },
      { source: 'stripe', payload: { id: 'ch_1' } },
      { key: 'evt_1N3T00LkdIwHu7ix', holder: 'h' },
      { source: 'detect', payload: '{"id":9007199254740993001}' },
      {},
    ],
  });
  expect(body.items).toMatchObject([
    { status: 'acquired', source: 'stripe', key: 'evt_1N3T00LkdIwHu7ix' },
    { status: 'acquired', key: 'k' },
    { error: { status: 422, detail: [{ loc: ['body', 'payload'] }] } },
    { status: 'in_progress' },
    { status: 'acquired', source: 'generic' },
    { error: { status: 422, detail: [{ type: 'missing', loc: ['body', 'key'] }] } },
  ]);
});

test('where a secret is given, what it signed is taken', async () => {
  const server = await serve();
  const derived = await server.post('/v1/keys/derive', signed(server));
  expect(derived.body).toMatchObject({ source: 'stripe', signature_checked: true });
  expect((await server.post('/v1/ai/lease', { source: 'stripe', ...signed(server) })).body).toMatchObject({
    status: 'acquired',
    source: 'stripe',
  });
  const late = { source: 'stripe', ...signed(server, 3_600) };
  expect((await server.post('/v1/ai/lease', late)).status).toBe(422);
  expect((await server.post('/v1/ai/lease', { ...late, signature_max_age: 3_600 })).status).toBe(200);
});

test('a forged delivery claims nothing, and the error names the field and tells no secret', async () => {
  const server = await serve({ logLevel: 'trace' });
  const good = signed(server);
  const forgeries: readonly (readonly [string, object])[] = [
    ['signing_secret', { ...good, payload: TEXT.replace('in_1', 'in_2') }],
    ['signing_secret', { ...signed(server, 0, 'whsec_other') }],
    ['signing_secret', { ...good, headers: {} }],
    ['signing_secret', signed(server, 301)],
    ['payload', { ...good, payload: EVENT }],
    ['source', { ...good, payload: '{"order":1}' }],
    ['source', { ...good, source: 'generic' }],
    ['url', { ...good, source: 'twilio' }],
  ];
  for (const [field, forged] of forgeries) {
    for (const path of ['/v1/ai/lease', '/v1/keys/derive']) {
      const reply = await server.post(path, { source: 'detect', ...forged });
      expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['body', field]]);
      expect(reply.text).not.toContain(SECRET);
    }
    const batch = await server.post('/v1/ai/lease/batch', { items: [{ source: 'detect', ...forged }] });
    expect(batch.body.items).toMatchObject([{ error: { detail: [{ loc: ['body', field] }] } }]);
  }
  await nothingClaimed(server);
  expect(server.logs.join('')).not.toContain(SECRET);
});

test.each<[string, object, string]>([
  ['no payload', { source: 'stripe' }, 'payload'],
  ['null for a payload', { source: 'stripe', payload: null }, 'payload'],
  ['an unknown source', { source: 'acme', payload: EVENT }, 'source'],
  ['headers of text', { payload: EVENT, headers: 'x' }, 'headers'],
  ['a job with a colon', { payload: EVENT, job: 'a:b' }, 'job'],
  ['no fields', { payload: EVENT, fields: [] }, 'fields'],
  ['fields beside a sender that has ids', { source: 'stripe', payload: EVENT, fields: ['id'] }, 'fields'],
  ['a field that is missing', { payload: EVENT, fields: ['order.id'] }, 'fields'],
  ['what is no event of the source', { source: 'github', payload: EVENT }, 'headers'],
  ['a secret of nothing', { payload: TEXT, signing_secret: '' }, 'signing_secret'],
  ['an age of nothing', { payload: TEXT, signature_max_age: 0 }, 'signature_max_age'],
])('%s is refused by its name, in a derivation and a claim', async (_, body, field) => {
  const server = await serve();
  for (const path of ['/v1/keys/derive', '/v1/ai/lease']) {
    const reply = await server.post(path, body);
    expect([reply.status, reply.body.detail[0]?.loc[1]]).toEqual([422, field]);
    expect(reply.body.detail[0]?.msg).toContain(field);
  }
  await nothingClaimed(server);
});

test('a claim names its key in one way', async () => {
  const server = await serve();
  const ofDeliveries = [{ source: 'stripe' }, { payload: EVENT }, { job: 'orders' }, { fields: ['id'] }];
  // A signature that was to be checked, and was not, would be a safety that nobody has.
  for (const more of [...ofDeliveries, { leave_out: ['at'] }, { signing_secret: SECRET }]) {
    const reply = await server.post('/v1/ai/lease', { key: 'k', ...more });
    expect([reply.status, reply.body.detail[0]?.loc]).toEqual([422, ['body', Object.keys(more)[0]]]);
  }
  await nothingClaimed(server);
});

test('an automation key may derive, and /v1/me says that the server can', async () => {
  const server = await serve();
  const automation = await server.newKey({ role: 'automation' });
  expect((await server.post('/v1/keys/derive', { payload: EVENT }, { apiKey: automation })).status).toBe(200);
  expect((await server.post('/v1/keys/derive', { payload: EVENT }, { apiKey: null })).status).toBe(401);
  expect((await server.get('/v1/me')).text).toContain('"derive"');
});

test('the hosted API derives nothing', async () => {
  const server = await serve({ hostedOnly: {} });
  expect((await server.post('/v1/keys/derive', { payload: EVENT })).status).toBe(404);
  const lease = await server.post('/v1/ai/lease', { source: 'stripe', payload: EVENT });
  expect(lease.body.detail[0]?.loc).toEqual(['body', 'key']);
});
