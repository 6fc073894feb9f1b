import { senders } from '../sources/senders/index.ts';
import { bundleOf, errorOf, openApp, useApp } from './harness.ts';
import { openWorld, sqlite } from '../world.ts';

/** Keys from what Make's Custom webhook hands over: its headers are a list, and its value is the body as it came. */

const at = useApp();

const caught = async (name: string, event: number, attempt: number) => {
  const sender = await senders[name]?.();
  if (sender === undefined) throw new Error(`There is no sender ${name}.`);
  const { headers, payload } = sender.deliver(event, attempt);
  const list = Object.entries(headers).map(([name, value]) => ({ name: name.toLowerCase(), value }));
  return { secret: sender.secret, given: { job: name, key_from: 'detect', headers: list, payload } };
};

test('the server derives the key, and the token completes it', async () => {
  const { given } = await caught('github', 0, 0);
  const bundle = bundleOf(await at.app.run('claimKey', given));
  const key = `github:72d3162e-cc78-11e3-81ab-000000000001`;
  expect(bundle).toMatchObject({ proceed: true, key, source: 'github' });
  expect(bundle['message']).toContain('Sender: GitHub. The key was made from the header x-github-delivery.');
  expect(String(bundle['claim_token']).endsWith(`|${key}`)).toBe(true);
  const completed = await at.app.run('completeKey', { claim_token: bundle['claim_token'] });
  expect(bundleOf(completed)).toMatchObject({ completed: true, key });
  const again = await caught('github', 0, 1);
  expect(await at.app.run('claimKey', again.given)).toEqual({ bundles: [] });
});

test('a forged delivery is a DataError with a sentence, and Make’s log shows no secret', async () => {
  const { given, secret } = await caught('github', 1, 0);
  const signed = { ...given, signing_secret: secret };
  const forged = await at.app.run('claimKey', { ...signed, payload: given.payload.replace('{', '{"a":1,') });
  expect(errorOf(forged)).toEqual({
    type: 'DataError',
    message: expect.stringContaining('The signature does not match.'),
  });
  expect(bundleOf(await at.app.run('claimKey', signed))).toMatchObject({ attempt: 1 });
  expect(JSON.stringify(at.app.made.log)).not.toContain(String(secret));
});

test('the server says what it made the key of, and what a resend may change', async () => {
  const given = { job: 'quiz', key_from: 'whole', payload: '{"quiz":7,"attempt":1}' };
  const made =
    'the whole content. It includes “attempt”: if a resend changes it, name it under Fields to leave out';
  for (const id of ['claimKey', 'lockKey']) {
    const bundle = bundleOf(await at.app.run(id, given));
    expect(bundle).toMatchObject({ proceed: true, key_made_from: made });
    expect(bundle['message']).toContain(`The key was made from ${made}.`);
  }
  const left = (attempt: number) => ({
    ...{ job: 'left-out', key_from: 'whole', payload: `{"quiz":7,"attempt":${String(attempt)}}` },
    leave_out: ['attempt'],
  });
  expect(bundleOf(await at.app.run('claimKey', left(1)))).toMatchObject({
    key_made_from: 'the whole content without “attempt”',
  });
  expect(await at.app.run('claimKey', { ...left(2), while_in_progress: 'stop' })).toEqual({ bundles: [] });
});

test('an entered key asks for nothing else, and what was left in other choices does not count', async () => {
  const left = { payload: '{}', fields: ['a'], headers: [], signing_secret: 's' };
  const bundle = bundleOf(await at.app.run('claimKey', { job: 'left', key: 'evt_1', ...left }));
  expect(bundle).toMatchObject({ key: 'left:evt_1', source: null });
});

test('what a choice needs is required', async () => {
  const missing = async (given: object) => errorOf(await at.app.run('claimKey', { job: 'j', ...given }));
  expect((await missing({})).message).toContain('key is missing');
  expect((await missing({ key_from: 'detect' })).message).toContain('payload is missing');
  expect((await missing({ key_from: 'fields', payload: '{}' })).message).toContain('fields is missing');
});

test('a test run claims nothing and its token finishes nothing', async () => {
  const { given } = await caught('stripe', 0, 0);
  const bundle = bundleOf(await at.app.run('claimKey', { ...given, test_only: true }));
  expect(bundle).toMatchObject({ proceed: true, source: 'stripe' });
  const completed = await at.app.run('completeKey', { claim_token: bundle['claim_token'] });
  expect(bundleOf(completed)['message']).toContain('Test only');
  expect(bundleOf(await at.app.run('claimKey', given))).toMatchObject({ attempt: 1 });
});

test('the hosted API is asked for no key, and the module says why', async () => {
  const world = await openWorld(sqlite, { hostedOnly: {} });
  const app = await openApp(world);
  const { given } = await caught('stripe', 1, 0);
  const sent = app.made.log.length;
  expect(errorOf(await app.run('claimKey', given))).toEqual({
    type: 'DataError',
    message: expect.stringMatching(/“Key from” works only with your own OnceOnly server/),
  });
  const urls = app.made.log.slice(sent).map(({ request }) => (request as { url: string }).url);
  expect(urls).toEqual([`${world.baseUrl}/v1/needs-own-server`]);
  await world.close();
});
