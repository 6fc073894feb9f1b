import { deriveKeys, type GivenDelivery } from '@onceonly/shared';

/* Signatures as the senders' documents and libraries print them, made by nobody here. */

const taken = (delivery: GivenDelivery, secret: string, now: number): boolean =>
  'keys' in deriveKeys(delivery, { signing: { secret, now, maxAgeMs: 300_000 } });

test('GitHub: "Testing the webhook payload validation"', () => {
  const headers = {
    'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  };
  const delivery = { headers, payload: 'Hello, World!' };
  expect(taken(delivery, "It's a Secret to Everybody", 0)).toBe(true);
  expect(taken({ ...delivery, payload: 'Hello, World?' }, "It's a Secret to Everybody", 0)).toBe(false);
});

test('Twilio: the example of "Security"', () => {
  const fields = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675310',
    Digits: '1234',
    From: '+14158675310',
    To: '+18005551212',
  };
  const delivery = {
    url: 'https://example.com/myapp.php?foo=1&bar=2',
    payload: new URLSearchParams(fields).toString(),
    headers: { 'X-Twilio-Signature': 'L/OH5YylLD5NRKLltdqwSvS0BnU=' },
  };
  expect(taken(delivery, '12345', 0)).toBe(true);
  expect(taken({ ...delivery, url: 'https://example.com:443/myapp.php?foo=1&bar=2' }, '12345', 0)).toBe(true);
  expect(taken({ ...delivery, url: 'https://example.com/myapp.php?foo=1' }, '12345', 0)).toBe(false);
});

test('HubSpot: what @hubspot/api-client 13.5 signs', () => {
  const delivery = {
    url: 'https://hooks.example.com/hubspot%2Fin?team=a%20b',
    payload:
      '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123}]',
    headers: {
      'X-HubSpot-Request-Timestamp': '1764060000000',
      'X-HubSpot-Signature-v3': 'N2KDg2AfEQAhZh89tYxtK+oe6hbpmmF6YVwJ3t5huXE=',
    },
  };
  const secret = '11111111-2222-3333-4444-555555555555';
  expect(taken(delivery, secret, 1_764_060_000_000)).toBe(true);
  expect(taken({ ...delivery, method: 'PUT' }, secret, 1_764_060_000_000)).toBe(false);
});

test('Slack: the slash command of "Verifying requests from Slack", which is no event', () => {
  const delivery = {
    payload:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    headers: {
      'X-Slack-Request-Timestamp': '1531420618',
      'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
  };
  const options = (secret: string) => ({
    source: 'slack' as const,
    signing: { secret, now: 1_531_420_618_000, maxAgeMs: 300_000 },
  });
  expect(deriveKeys(delivery, options('8f742231b10e8888abcd99yyyzzz85a5'))).toMatchObject({
    field: 'payload',
  });
  expect(deriveKeys(delivery, options('8f742231b10e8888abcd99yyyzzz85a6'))).toMatchObject({
    field: 'signing_secret',
  });
});
