import { openGithub } from '../sources/senders/github.ts';
import type { Sender } from '../sources/senders/sender.ts';
import { errorOf, outputsOf, useZapier } from './setting.ts';

/** Keys from what Webhooks by Zapier hands over: its Catch Raw Hook, whose fields a user maps. */

const setting = useZapier();
const DETECT = { job: 'deploy', key_from: 'detect' };

let github: Sender;
beforeAll(async () => {
  github = await openGithub();
});

/** Under the names that Zapier gives to headers. */
const caught = (event: number, attempt: number) => {
  const { headers, payload } = github.deliver(event, attempt);
  const named = Object.entries(headers).map(([name, value]) => [`HTTP_${name.replaceAll('-', '_')}`, value]);
  return { payload, headers: Object.fromEntries(named) as Record<string, string> };
};

test('headers count as an object, as its JSON and as lines', async () => {
  const { payload, headers } = caught(0, 0);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const first = await setting.outputs('claimKey', { ...DETECT, payload, headers });
  expect(first).toMatchObject({ proceed: true, source: 'github' });
  await setting.outputs('completeKey', { claim_token: first['claim_token'] });
  for (const given of [JSON.stringify(headers), lines.join('\n')]) {
    const again = { ...DETECT, payload, headers: given, on_duplicate: 'continue' };
    expect(await setting.outputs('claimKey', again)).toMatchObject({ proceed: false, key: first['key'] });
  }
});

describe('headers on one line', () => {
  const written = (between: string, is = ': '): string => {
    const { headers } = github.deliver(8, 0);
    const all = { 'Content-Type': 'application/json; charset=utf-8', ...headers };
    return Object.entries(all)
      .map(([name, value]) => `${name}${is}${is === '=' ? encodeURIComponent(value) : value}`)
      .join(between);
  };

  test.each([', ', '; ', ';', ' | ', '&', '\t', '<br>', '<br />', '\r'])(
    'count with %j between',
    async (between) => {
      const headers = written(between);
      const given = { ...DETECT, payload: github.deliver(8, 0).payload, headers };
      const tested = await setting.zapier.step('claimKey', given, { isLoadingSample: true });
      expect(outputsOf(tested)).toMatchObject({ source: 'github' });
    },
  );

  test('count as a form', async () => {
    const given = { ...DETECT, payload: github.deliver(8, 0).payload, headers: written('&', '=') };
    const signed = { ...given, signing_secret: github.secret };
    const tested = await setting.zapier.step('claimKey', signed, { isLoadingSample: true });
    expect(outputsOf(tested)).toMatchObject({ source: 'github', signature_checked: true });
  });

  test.each([' ', ' / ', '\\n', ' — '])('are refused with %j between', async (between) => {
    const given = { ...DETECT, payload: github.deliver(8, 0).payload, headers: written(between) };
    for (const isLoadingSample of [true, false]) {
      const told = errorOf(await setting.zapier.step('claimKey', given, { isLoadingSample }));
      expect(told.message).toContain('“Webhook Headers” holds no header that can be read');
    }
  });
});

test('headers of which none can be read are refused, by the label of the field', async () => {
  const { payload } = caught(7, 0);
  const told = await setting.error('claimKey', { ...DETECT, payload, headers: '72d3162e-cc78-11e3' });
  expect(told.message).toContain('“Webhook Headers” holds no header that can be read');
});

test('a forged delivery ends the run with a sentence that names the field, and not the secret', async () => {
  const { payload, headers } = caught(1, 0);
  const signed = { ...DETECT, payload, headers, signing_secret: github.secret };
  const error = await setting.error('claimKey', { ...signed, payload: `${payload} ` });
  expect(error).toMatchObject({ name: 'AppError', code: 'invalid_input' });
  expect(error.message).toContain('The signature does not match.');
  expect(JSON.stringify(error)).not.toContain(github.secret);
  expect(await setting.outputs('claimKey', signed)).toMatchObject({ proceed: true, attempt: 1 });
});

test('chosen fields come as a list or as lines', async () => {
  const payload = '{"order":{"id":9007199254740993001},"line":2}';
  const claim = (fields: unknown, more: object = {}) =>
    setting.outputs('claimKey', { job: 'orders', key_from: 'fields', payload, fields, ...more });
  const first = await claim(['order.id', 'line']);
  await setting.outputs('completeKey', { claim_token: first['claim_token'] });
  const again = await claim('order.id\nline', { on_duplicate: 'continue' });
  expect(again).toMatchObject({ proceed: false, key: first['key'] });
});

test('what is missing is named by its label', async () => {
  const step = await setting.zapier.step('claimKey', { ...DETECT, headers: {} });
  expect(errorOf(step).message).toContain('“Webhook Body” is empty');
});

test('a test in the editor shows who was recognised, and claims nothing', async () => {
  const content = { ...DETECT, payload: '{"delivery":1,"sent_at":"2026-11-25"}', leave_out: 'delivery' };
  const made =
    'the whole content without “delivery”. It includes “sent_at”: if a resend changes it, name it under Fields to Leave Out';
  expect(outputsOf(await setting.zapier.step('claimKey', content, { isLoadingSample: true }))).toMatchObject({
    key_made_from: made,
    message: `Test only: nothing was claimed. A live run would be the first. The key was made from ${made}.`,
  });
  const inputs = { ...DETECT, ...caught(2, 0) };
  const tested = outputsOf(await setting.zapier.step('claimKey', inputs, { isLoadingSample: true }));
  expect(tested).toMatchObject({ source: 'github', message: expect.stringContaining('would be the first') });
  expect(await setting.outputs('claimKey', inputs)).toMatchObject({ proceed: true, attempt: 1 });
});
