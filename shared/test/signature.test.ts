import { createHmac } from 'node:crypto';
import { isSigned } from '../src/triggers/hook-signature.ts';

/** The example of the Standard Webhooks libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SENT_AT_SECONDS = 1_614_265_330;
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const BODY = '{"test": 2432232314}';

const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': String(SENT_AT_SECONDS),
  'webhook-signature': SIGNATURE,
};
const delivery = { headers, body: BODY };
const check = { secret: SECRET, now: SENT_AT_SECONDS * 1_000 };

const withHeaders = (other: Readonly<Record<string, unknown>>) => ({
  body: BODY,
  headers: { ...headers, ...other },
});

test('what the secret signed is taken, with its prefix or without', () => {
  expect(isSigned(delivery, check)).toBe(true);
  expect(isSigned(delivery, { ...check, secret: SECRET.slice('whsec_'.length) })).toBe(true);
});

test('headers have any case', () => {
  const shouted = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  );
  expect(isSigned({ headers: shouted, body: BODY }, check)).toBe(true);
});

test('one of several signatures is enough', () => {
  const several = `v1,AAAA v1a,${SIGNATURE.slice(3)} ${SIGNATURE}`;
  expect(isSigned(withHeaders({ 'webhook-signature': several }), check)).toBe(true);
});

test('text beyond ASCII is signed as UTF-8', () => {
  const body = '{"job":"Grüße 注文 🎈"}';
  const signed = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
    .update(Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`))
    .digest('base64');
  expect(isSigned({ headers: { ...headers, 'webhook-signature': `v1,${signed}` }, body }, check)).toBe(true);
});

test.each([
  ['another body', { headers, body: `${BODY} ` }],
  ['another id', withHeaders({ 'webhook-id': 'msg_other' })],
  ['another time', withHeaders({ 'webhook-timestamp': String(SENT_AT_SECONDS + 1) })],
  ['a time that is none', withHeaders({ 'webhook-timestamp': 'now' })],
  ['another signature', withHeaders({ 'webhook-signature': `v1,${'A'.repeat(43)}=` })],
  ['a cut signature', withHeaders({ 'webhook-signature': SIGNATURE.slice(0, 20) })],
  ['another version only', withHeaders({ 'webhook-signature': SIGNATURE.replace('v1,', 'v2,') })],
  ['an empty signature', withHeaders({ 'webhook-signature': '' })],
  ['a list for a signature', withHeaders({ 'webhook-signature': [SIGNATURE] })],
  ['no headers', { headers: {}, body: BODY }],
])('%s is not taken', (_, given) => {
  expect(isSigned(given, check)).toBe(false);
});

test.each(['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '', 'whsec_', SECRET.slice(7), 'undefined'])(
  'the secret %j opens nothing',
  (secret) => {
    expect(isSigned(delivery, { ...check, secret })).toBe(false);
  },
);

test.each([
  [300, true],
  [-300, true],
  [301, false],
  [-301, false],
])('a delivery of %i seconds ago is taken: %s', (seconds, taken) => {
  const now = (SENT_AT_SECONDS + seconds) * 1_000;
  expect(isSigned(delivery, { ...check, now })).toBe(taken);
  expect(isSigned(delivery, { ...check, now, toleranceMs: 400_000 })).toBe(true);
});
