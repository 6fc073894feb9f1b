import { deriveKeys, type Derived, type DeriveOptions } from '../../src/sources/derive.ts';
import { sources } from '../../src/sources/index.ts';
import { fitKey } from '../../src/sources/key.ts';
import { toolCallKey } from '../../src/sources/key.ts';

const EVENT = {
  id: 'evt_1N3T00LkdIwHu7ix',
  object: 'event',
  type: 'invoice.paid',
  data: { object: { id: 'in_1' } },
};
const GITHUB = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

const keyOf = (given: Parameters<typeof deriveKeys>[0], options?: DeriveOptions): string =>
  (deriveKeys(given, options) as Derived).keys[0].key;

test('every source has a home page of its sender, says what it needs, and is found by its id', () => {
  for (const { id, label, docs, needs } of sources) {
    expect(id).toMatch(/^[a-z0-9_]+$/);
    expect(label).toMatch(/^[A-Z]/);
    expect(URL.canParse(docs)).toBe(true);
    expect(needs).toMatch(/^(payload|headers) .*\.$/);
    const nothing = deriveKeys({ payload: {} }, { source: id });
    expect(nothing).toEqual({ field: needs.split(' ')[0], message: needs });
  }
});

test.each<[string, unknown]>([
  ['an object', { 'X-GitHub-Delivery': GITHUB }],
  ['lower case', { 'x-github-delivery': GITHUB }],
  ['CGI names', { HTTP_X_GITHUB_DELIVERY: GITHUB }],
  ['lists of values', { 'X-GitHub-Delivery': [GITHUB] }],
  ['a list, as Make has it', [{ name: 'x-github-delivery', value: GITHUB }]],
  ['lines', `Accept: */*\r\nX-GitHub-Delivery: ${GITHUB}\nno header`],
  ['JSON', JSON.stringify({ accept: '*/*', 'x-github-delivery': GITHUB })],
  ['JSON of a list', JSON.stringify([{ name: 'X-GitHub-Delivery', value: GITHUB }])],
  ['JSON of pairs', JSON.stringify([['X-GitHub-Delivery', GITHUB]])],
  ['a member of something larger', { headers: { 'X-GitHub-Delivery': GITHUB } }],
  ['a list of lines', ['Accept: */*', `X-GitHub-Delivery: ${GITHUB}`]],
  ['a list of single headers', [{ Accept: '*/*' }, { 'X-GitHub-Delivery': GITHUB }]],
  ['lines with commas', `Accept: a, b,\nX-GitHub-Delivery: ${GITHUB},\nReferer: https://x.org`],
  ['one line with commas', `Accept: text/html, */*, X-GitHub-Delivery: ${GITHUB}, Referer: https://x.org`],
  ['one line without blanks', `Accept:*/*,HTTP_X_GITHUB_DELIVERY:${GITHUB},Host:x.org`],
  ['Python', `{'Accept': '*/*', 'Cf-Visitor': '{"scheme":"https"}', 'X-GitHub-Delivery': '${GITHUB}'}`],
  ['Ruby', `{"HTTP_ACCEPT"=>"*/*", "HTTP_X_GITHUB_DELIVERY"=>"${GITHUB}"}`],
  ['braces without quotes', `{Accept: */*, X-GitHub-Delivery: ${GITHUB}}`],
  ['lines with equals signs', `HTTP_ACCEPT=*/*\nHTTP_X_GITHUB_DELIVERY=${GITHUB}`],
])('headers may be %s', (_, headers) => {
  expect(deriveKeys({ headers, payload: { action: 'opened' } })).toMatchObject({
    source: 'github',
    keys: [{ key: GITHUB }],
  });
});

test.each([[undefined], [null], [''], [' \n'], ['{}'], ['[]'], [{}], [[]]])(
  'headers that are none (%j) do no harm',
  (headers) => {
    expect(deriveKeys({ headers, payload: EVENT })).toMatchObject({ source: 'stripe' });
  },
);

test.each([['text'], [GITHUB], ['t=1492774577,v1=5257a8'], [[null, 5, 'x', {}]], [{ a: {} }], [5]])(
  'headers that cannot be read (%j) are refused',
  (headers) => {
    expect(deriveKeys({ headers, payload: EVENT })).toMatchObject({
      field: 'headers',
      message: expect.stringContaining('no header that can be read'),
    });
  },
);

test('the job stands in front of the key', () => {
  expect(keyOf({ payload: EVENT }, { job: 'orders' })).toBe('orders:evt_1N3T00LkdIwHu7ix');
  expect(deriveKeys({ payload: EVENT }, { job: 'a:b' })).toMatchObject({ field: 'job' });
});

test('a key that is too long stays readable at the front, and differs where it differs', () => {
  const long = 'ü'.repeat(300);
  const fitted = fitKey('orders', `${long}1`);
  expect(fitted).toMatch(/^orders:ü{184}~[0-9a-f]{64}$/);
  expect(Array.from(fitted)).toHaveLength(256);
  expect(fitKey('orders', `${long}2`)).not.toBe(fitted);
  expect(fitKey(null, 'x'.repeat(256))).toBe('x'.repeat(256));
  for (const bad of ['a\0b', 'a\ud800b', '🎈'.repeat(257)]) {
    const key = fitKey(null, bad);
    expect([key.isWellFormed(), key.includes('\0'), Array.from(key).length <= 256]).toEqual([
      true,
      false,
      true,
    ]);
    expect(key).not.toBe(fitKey(null, `${bad}c`));
  }
});

test('what a native trigger hands over of an event has the same key', () => {
  expect(keyOf({ payload: EVENT })).toBe(
    keyOf({ payload: JSON.stringify(EVENT), headers: { 'stripe-signature': 't=1' } }),
  );
});

test('the object without its event is not taken for one', () => {
  const charge = { id: 'ch_1', object: 'charge', amount: 5 };
  expect(deriveKeys({ payload: charge })).toMatchObject({ source: 'generic' });
  expect(deriveKeys({ payload: charge }, { source: 'stripe' })).toMatchObject({ field: 'payload' });
});

test("Twilio's messages and calls without headers: SID and status, and all of a call", () => {
  const message = { AccountSid: `AC${'0'.repeat(32)}`, MessageSid: 'SM1', MessageStatus: 'sent' };
  expect(keyOf({ payload: message })).toBe('SM1:sent');
  const call = { AccountSid: `AC${'0'.repeat(32)}`, CallSid: 'CA1', CallStatus: 'in-progress', Digits: '1' };
  expect(keyOf({ payload: call })).toMatch(/^CA1:in-progress:[0-9a-f]{32}$/);
  expect(keyOf({ payload: { ...call, Digits: '2' } })).not.toBe(keyOf({ payload: call }));
});

test('the events of a stream have a key each', () => {
  const stream = [1, 2].map((n) => ({
    specversion: '1.0',
    id: `EZ${String(n).padStart(32, '0')}`,
    type: 'com.twilio.x',
  }));
  expect(deriveKeys({ payload: stream })).toMatchObject({
    source: 'twilio',
    keys: stream.map(({ id }) => ({ key: id })),
  });
});

test('a form that holds the JSON in a field is read by GitHub', () => {
  const content = JSON.stringify({ action: 'opened', repository: { id: 1 } });
  const headers = { 'X-GitHub-Delivery': GITHUB, 'content-type': 'application/x-www-form-urlencoded' };
  const form = deriveKeys({ headers, payload: new URLSearchParams({ payload: content }).toString() });
  expect(form).toEqual(deriveKeys({ headers: { 'X-GitHub-Delivery': GITHUB }, payload: content }));
});

test('a partial response is another event than the one that it becomes', () => {
  const response = (event_type: string, event_id: string) => ({
    event_type,
    event_id,
    form_response: { token: 'tok' },
  });
  const keys = [
    response('form_response_partial', 'a'),
    response('form_response_partial', 'b'),
    response('form_response', 'c'),
  ].map((payload) => keyOf({ payload }));
  expect(keys).toEqual(['tok:partial:a', 'tok:partial:b', 'tok']);
});

test.each<[string, unknown, DeriveOptions, string]>([
  ['no payload', undefined, {}, 'payload'],
  ['a payload too deep', `${'['.repeat(100_000)}1${']'.repeat(100_000)}`, {}, 'payload'],
  ['a parsed payload too deep', JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`), {}, 'payload'],
  ['a field that is missing', { a: 1 }, { fields: ['a', 'b'] }, 'fields'],
  ['a field that is empty', { a: 1, b: '' }, { fields: ['a', 'b'] }, 'fields'],
  ['a field that is blank', { a: 1, b: ' ' }, { fields: ['a', 'b'] }, 'fields'],
  ['a field of an empty list', { a: 1, b: [] }, { fields: ['a', 'b'] }, 'fields'],
  ['a field of an empty object', { a: 1, b: {} }, { fields: ['a', 'b'] }, 'fields'],
  ['a field of no object', 'text', { fields: ['length'] }, 'fields'],
  ['fields where the sender has ids', EVENT, { source: 'stripe', fields: ['id'] }, 'fields'],
])('%s is a fault that names the field', (_, payload, options, field) => {
  expect(deriveKeys({ payload }, options)).toMatchObject({ field, message: expect.stringMatching(/\.$/) });
});

test('fields beside nothing else mean: these fields', () => {
  expect(deriveKeys({ payload: EVENT }, { fields: ['type'] })).toMatchObject({
    source: 'generic',
    ignored: [],
  });
});

test("a tool call's key: run, tool and arguments, however they are written", () => {
  const key = toolCallKey('run-1', 'send_mail', { to: 'ada', n: 1 });
  expect(toolCallKey('run-1', 'send_mail', { n: 1.0, to: 'ada' })).toBe(key);
  for (const other of [
    toolCallKey('run-2', 'send_mail', { to: 'ada', n: 1 }),
    toolCallKey('run-1', 'send_mail', { to: 'ada', n: 2 }),
  ]) {
    expect(other).not.toBe(key);
  }
});
