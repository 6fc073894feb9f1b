import Stripe from 'stripe';
import { openGithub } from '../sources/senders/github.ts';
import type { Sender } from '../sources/senders/sender.ts';
import { stripe } from '../sources/senders/stripe.ts';
import { useZapier } from './setting.ts';

/** The connection holds what senders sign with: one serves webhooks of many. */

const setting = useZapier();
const DETECT = { job: 'deploy', key_from: 'detect' };

let github: Sender;
beforeAll(async () => {
  github = await openGithub();
});

const claim = (inputs: object, signingSecrets?: unknown) => {
  const { apiKey, baseUrl } = setting.world;
  const authData = { apiKey, baseUrl, ...(signingSecrets !== undefined && { signingSecrets }) };
  const given = { ...DETECT, ...inputs };
  return setting.zapier.attempt('creates.claimKey.operation.perform', given, { authData });
};
const secrets = () => `stripe: whsec_1\ngithub: an_older_one\nGitHub: ${github.secret}`;
const CHECKED = { results: { proceed: true, signature_checked: true } };
const REFUSED = { error: { name: 'AppError', code: 'invalid_input' } };

test('a signed delivery says that it was checked, by any secret of its sender', async () => {
  const checked = await claim({ ...github.deliver(3, 0), require_signature: 'true' }, secrets());
  expect(checked).toMatchObject({ results: { proceed: true, source: 'github', signature_checked: true } });
});

test.each([
  [
    'of no secret',
    'stripe: whsec_1',
    {},
    '“Require a Valid Signature” is Yes, but no signing secret of GitHub is known',
  ],
  [
    'without any',
    undefined,
    {},
    '“Require a Valid Signature” is Yes, but no signing secret of GitHub is known',
  ],
  ['of another secret', 'github: another', {}, 'The signature does not match.'],
  [
    'of an unknown sender',
    undefined,
    { headers: {}, payload: '{"id":1}' },
    'whose signature cannot be checked',
  ],
])('where a signature is required, a delivery %s is refused', async (_, known, inputs, why) => {
  const refused = await claim({ ...github.deliver(4, 0), ...inputs, require_signature: 'true' }, known);
  expect(refused).toMatchObject(REFUSED);
  expect(JSON.stringify(refused)).toContain(why);
  expect(JSON.stringify(refused)).not.toContain('another\\n');
});

describe('where none is required, but a secret of the sender is known', () => {
  test.each([
    ['changed', { payload: '{"a":1}' }],
    ['not signed', { headers: { 'x-github-delivery': 'forged' } }],
    ['not handed over as it came', { payload: { a: 1 } }],
  ])('a delivery that is %s is refused all the same', async (_, more) => {
    const refused = await claim({ ...github.deliver(5, 0), ...more }, secrets());
    expect(refused).toMatchObject(REFUSED);
    expect(JSON.stringify(refused)).toContain('Signing Secrets of the connection');
    expect(JSON.stringify(refused)).not.toContain(github.secret);
  });
});

test('where no secret of the sender is known and none is required, the output says that nothing was checked', async () => {
  expect(await claim(github.deliver(6, 0), 'stripe: whsec_1')).toMatchObject({
    results: { signature_checked: false },
  });
});

test('Stripe, by type and object, is checked by the secret of Stripe, under either name', async () => {
  const secret = 'whsec_5f8d2b7c9e1a4f60b3c2d1e0f9a8b7c6';
  const signed = (event: number) => {
    const { payload } = stripe.deliver(event, 0);
    const signature = new Stripe('sk_test_none').webhooks.generateTestHeaderString({ payload, secret });
    return { payload, headers: { 'Stripe-Signature': signature }, require_signature: 'true' };
  };
  for (const [at, name] of ['stripe', 'stripe_object'].entries()) {
    const chosen = { ...signed(at), source: 'stripe_object' };
    expect(await claim(chosen, `${name}: ${secret}`)).toMatchObject(CHECKED);
    expect(await claim(signed(at + 2), `${name}: ${secret}`)).toMatchObject(CHECKED);
  }
});

describe('a signature that is required where none is checked', () => {
  test.each(['value', 'fields', 'whole'])('with a key from %s, it is refused in words', async (key_from) => {
    const step = { key: 'e1', payload: '{"id":1}', fields: 'id', key_from, require_signature: 'true' };
    const refused = await claim(step, secrets());
    expect(refused).toMatchObject(REFUSED);
    expect(JSON.stringify(refused)).toContain(
      '“Require a Valid Signature” is set, but a signature is checked only if Key From is Detect from the webhook',
    );
    const fields = await setting.zapier.execute('creates.claimKey.operation.inputFields', step);
    expect((fields as { key: string }[]).map(({ key }) => key)).toContain('require_signature');
  });

  test('one that was set to No does not matter', async () => {
    expect(await claim({ key_from: 'value', key: 'e2', require_signature: 'false' })).toMatchObject({
      results: { proceed: true },
    });
  });
});

describe('how the secrets may be written', () => {
  const forms: readonly (readonly [string, (secret: string) => unknown])[] = [
    ['on one line', (secret) => `stripe: whsec_1 github: ${secret}`],
    ['with commas between', (secret) => `stripe: whsec_1,github: ${secret},`],
    ['with semicolons between', (secret) => `stripe:whsec_1; github:${secret};`],
    ['with bars between', (secret) => `stripe: whsec_1 | github: ${secret}`],
    ['with old line ends', (secret) => `stripe: whsec_1\rgithub: ${secret}`],
    ['in quotes', (secret) => `github: "${secret}"`],
    ['in quotes, line by line', (secret) => `“stripe: whsec_1”\n"github: ${secret}"`],
    ['as a list', (secret) => ['stripe: whsec_1', `github: ${secret}`]],
    ['as an object', (secret) => ({ stripe: 'whsec_1', GitHub: ['an_older_one', secret] })],
    ['as JSON', (secret) => JSON.stringify({ stripe: 'whsec_1', github: secret })],
  ];
  test.each(forms.map(([name, written], at) => [name, written, at] as const))(
    '%s',
    async (_, written, at) => {
      const delivery = { ...github.deliver(7 + at, 0), require_signature: 'true' };
      expect(await claim(delivery, written(github.secret ?? ''))).toMatchObject(CHECKED);
    },
  );
});
