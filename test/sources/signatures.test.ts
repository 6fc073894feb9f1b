import { deriveKeys, type Derived, type Fault } from '@onceonly/shared';
import { senders } from './senders/index.ts';
import { sentAt, type SentDelivery, type Sender } from './senders/sender.ts';

const FIVE_MINUTES_MS = 300_000;

const signing = (secret: string, attempt: number, lateMs = 0) => ({
  signing: { secret, now: sentAt(attempt) + lateMs, maxAgeMs: FIVE_MINUTES_MS },
});

/** Of the same form. */
const otherThan = (secret: string): string =>
  secret.slice(0, 10) + (secret[10] === '7' ? '8' : '7') + secret.slice(11);

const isTaken = (result: Derived | Fault): boolean => 'keys' in result;

const signed = Object.entries(senders).filter(([name]) => name !== 'another sender');

const ourOwn = (delivery: SentDelivery, secret: string): boolean =>
  isTaken(deriveKeys(delivery, signing(secret, 0)));

/** What somebody without the secret may try. */
const FORGERIES: readonly (readonly [string, (delivery: SentDelivery) => SentDelivery])[] = [
  [
    'a body changed by a character',
    (each) => ({ ...each, payload: each.payload.replace(/\d(?=\D*$)/, '7x') }),
  ],
  ['a body with a space more', (each) => ({ ...each, payload: `${each.payload} ` })],
  ['a signature cut short', (each) => withSignature(each, (value) => value.slice(0, -3))],
  ['an empty signature', (each) => withSignature(each, () => '')],
  [
    'another signature of that length',
    (each) => withSignature(each, (value) => value.replaceAll(/[0-9a-f]/g, 'e')),
  ],
  ['no signature', (each) => ({ ...each, headers: withoutSignature(each.headers) })],
];

const isSignature = (name: string): boolean => /signature|hmac/i.test(name);

function withSignature(delivery: SentDelivery, change: (value: string) => string): SentDelivery {
  const headers = Object.entries(delivery.headers).map(
    ([name, value]) => [name, isSignature(name) ? change(value) : value] as const,
  );
  return { ...delivery, headers: Object.fromEntries(headers) };
}

const withoutSignature = (headers: SentDelivery['headers']): SentDelivery['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isSignature(name)));

describe.each(signed)('%s', (_, open) => {
  let sender: Sender;
  let secret: string;
  beforeAll(async () => {
    sender = await open();
    secret = sender.secret ?? '';
  });

  test('what the sender signed is taken, every attempt of it', () => {
    for (const attempt of [0, 1, 2]) {
      for (const [nth] of sender.events.entries()) {
        const result = deriveKeys(sender.deliver(nth, attempt), signing(secret, attempt));
        expect([nth, attempt, result]).toMatchObject([nth, attempt, { source: sender.source }]);
      }
    }
  });

  test.each(FORGERIES)('%s is not', async (_what, forge) => {
    const delivery = forge(sender.deliver(3, 0));
    const result = deriveKeys(delivery, { source: sender.source, ...signing(secret, 0) });
    expect(result).toMatchObject({ field: 'signing_secret', message: expect.not.stringContaining(secret) });
    expect(isTaken(deriveKeys(delivery, signing(secret, 0)))).toBe(false);
    expect(await sender.accepts?.(delivery, secret, 0)).not.toBe(true);
  });

  test('another secret takes nothing, nor does none', () => {
    const delivery = sender.deliver(0, 0);
    for (const other of [otherThan(secret), secret.slice(0, -4), '']) {
      expect(isTaken(deriveKeys(delivery, signing(other, 0)))).toBe(false);
    }
  });

  test("the sender's own library, where there is one, says the same", async () => {
    const { accepts = ourOwn } = sender;
    expect(await accepts(sender.deliver(0, 0), secret, 0)).toBe(true);
    expect(await accepts(sender.deliver(0, 0), otherThan(secret), 0)).toBe(false);
  });

  test('an old one is taken only where the sender does not sign the time', () => {
    const late = deriveKeys(sender.deliver(0, 0), signing(secret, 0, FIVE_MINUTES_MS + 1_000));
    const signsTheTime = ['stripe', 'slack', 'hubspot', 'standard_webhooks'].includes(sender.source);
    expect(isTaken(late)).toBe(!signsTheTime);
    expect(isTaken(deriveKeys(sender.deliver(0, 0), signing(secret, 0, FIVE_MINUTES_MS)))).toBe(true);
  });

  test('a body that was parsed cannot be checked', () => {
    const delivery = sender.deliver(0, 0);
    const payload = sender.source === 'twilio' ? sender.events[0] : (JSON.parse(delivery.payload) as unknown);
    expect(deriveKeys({ ...delivery, payload }, signing(secret, 0))).toMatchObject({ field: 'payload' });
  });
});

test('a delivery that passes for nobody is refused where a secret is given', () => {
  const forged = { payload: '{"id":"evt_1","amount":1}', headers: {} };
  expect(deriveKeys(forged, signing('whsec_x', 0))).toMatchObject({ field: 'source' });
});
