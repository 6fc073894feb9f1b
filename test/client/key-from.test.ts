import { deliverTogether } from '../sources/senders/hubspot.ts';
import { stripe } from '../sources/senders/stripe.ts';
import { unreachable } from './faults.ts';
import { openSetting, type Setting } from './setting.ts';

/** The client derives keys by itself, so that every service takes them. */

let setting: Setting;
afterEach(() => setting.close());

const claimOf = (event: number, attempt: number, more: object = {}) => {
  const { headers, payload } = stripe.deliver(event, attempt);
  return { job: 'orders', key_from: 'detect', headers, payload, ...more };
};
const bodies = (): unknown[] => setting.network.sent.map(({ body }) => body);

test('the hosted API gets the key, and nothing of the delivery', async () => {
  setting = await openSetting('hosted');
  const { outputs } = await setting.client.perform('claimKey', claimOf(0, 0));
  expect(outputs).toMatchObject({
    proceed: true,
    source: 'stripe',
    key: expect.stringMatching(/^orders:evt_/),
  });
  expect(bodies()).toHaveLength(1);
  expect(bodies()[0]).toMatchObject({ key: outputs['key'], fingerprint: expect.any(String) });
  expect(bodies()[0]).not.toHaveProperty('payload');
  await setting.client.perform('completeKey', { claim_token: outputs['claim_token'] });
  expect(await setting.other.perform('claimKey', claimOf(0, 1))).toMatchObject({ then: 'stop' });
});

test('two events that share an id are told apart by the fingerprint', async () => {
  setting = await openSetting('own');
  await setting.client.perform('claimKey', claimOf(0, 0));
  const other = claimOf(0, 1);
  const changed = { ...other, payload: other.payload.replace('payment_intent.succeeded', 'invoice.paid') };
  await expect(setting.client.perform('claimKey', changed)).rejects.toMatchObject({
    code: 'fingerprint_mismatch',
  });
});

test('many items have a key or a fault each, in one request', async () => {
  setting = await openSetting('own');
  const several = { ...claimOf(0, 0), payload: deliverTogether([0, 1], 0).payload };
  const done = await setting.client.performMany('claimKey', [
    { inputs: claimOf(0, 0) },
    { inputs: several },
    { inputs: { job: 'orders', key: 'evt_1' } },
    { inputs: { job: 'orders', key_from: 'whole', payload: { amount: Number.NaN } } },
  ]);
  expect(done).toMatchObject([
    { outputs: { proceed: true, source: 'stripe' } },
    { error: { details: { field: 'payload', detail: expect.stringContaining('holds 2 events') } } },
    { outputs: { proceed: true, source: null, key: 'orders:evt_1' } },
    {
      error: {
        details: {
          field: 'payload',
          detail: expect.stringContaining('at “amount” a value that JSON cannot write'),
        },
      },
    },
  ]);
  expect(setting.network.sent.map(({ path }) => path)).toEqual(['/v1/me', '/v1/ai/lease/batch']);
});

test('where the service is silent, the run may go on with the key that it would have had', async () => {
  setting = await openSetting('own', { deadlineMs: 100 });
  setting.network.fail(Array.from({ length: 9 }, () => unreachable));
  const inputs = claimOf(0, 0, { when_unreachable: 'continue' });
  const { outputs } = await setting.client.perform('claimKey', inputs);
  expect(outputs).toMatchObject({ status: 'unprotected', source: 'stripe' });
  expect(outputs['key']).toMatch(/^orders:evt_/);
});

test('whoever knows the derived key for its own does not wait for it', async () => {
  setting = await openSetting('own');
  const { outputs } = await setting.client.perform('claimKey', claimOf(0, 0));
  const waits = (key: string): boolean => key !== outputs['key'];
  const again = await setting.client.perform('claimKey', claimOf(0, 1), { waits });
  expect(again.outputs).toMatchObject({ status: 'in_progress' });
  await setting.client.perform('claimKey', claimOf(1, 0), { waits });
  const waited = bodies().map((body) => (body as { wait?: number }).wait !== undefined);
  expect(waited).toEqual([true, false, true]);
});

const content = (body: object, more: object = {}) => ({
  ...{ job: 'quiz', key_from: 'whole', payload: JSON.stringify(body) },
  ...more,
});

test('the outputs and the message say what the key was made of, and what a resend may change', async () => {
  setting = await openSetting('own');
  const first = await setting.client.perform('claimKey', content({ quiz: 7, attempt: 1 }));
  const made =
    'the whole content. It includes “attempt”: if a resend changes it, name it under Fields to Leave Out';
  expect(first.outputs).toMatchObject({ proceed: true, key_made_from: made });
  expect(first.outputs['message']).toContain(`The key was made from ${made}.`);
  const second = await setting.client.perform('lockKey', content({ quiz: 7, attempt: 2 }));
  expect(second.outputs).toMatchObject({
    key_made_from: made,
    message: expect.stringContaining(`made from ${made}.`),
  });
  expect(second.outputs['key']).not.toBe(first.outputs['key']);
  for (const id of ['claimKey', 'lockKey'] as const) {
    const tested = await setting.client.preview(id, content({ quiz: 7, attempt: 3 }));
    expect(tested.outputs['message']).toMatch(new RegExp(`^Test only: nothing was .*made from ${made}\\.$`));
  }
});

test('what is named under Fields to Leave Out does not count, and is not warned of', async () => {
  setting = await openSetting('own');
  const left = { leave_out: 'meta.attempt\nmissing' };
  const of = (attempt: number) =>
    setting.client.preview('claimKey', content({ id: 7, meta: { attempt } }, left));
  const [one, again] = [await of(1), await of(2)];
  expect(again.outputs['key']).toBe(one.outputs['key']);
  expect(one.outputs['key_made_from']).toBe('the whole content without “meta.attempt”');
});

test('an entered key is made from nothing', async () => {
  setting = await openSetting('own');
  const { outputs } = await setting.client.perform('claimKey', { job: 'orders', key: 'evt_1' });
  expect(outputs).toMatchObject({ key_made_from: null });
  expect(outputs['message']).not.toContain('made from');
});

test('content that came without the last digits of a number is refused, where it makes the key', async () => {
  setting = await openSetting('own');
  const body = JSON.parse('{"order":{"id":9007199254740993001},"line":1}') as object;
  const refused = { code: 'invalid_input', details: { field: 'payload' } };
  const claim = (more: object) =>
    setting.client.preview('claimKey', { job: 'orders', payload: body, ...more });
  for (const more of [
    { key_from: 'whole' },
    { key_from: 'detect' },
    { key_from: 'fields', fields: 'order.id' },
    { key_from: 'fields', fields: 'order' },
  ])
    await expect(claim(more)).rejects.toMatchObject(refused);
  expect((await claim({ key_from: 'fields', fields: 'line' })).outputs).toMatchObject({ proceed: true });
  const event = { id: 'evt_1', object: 'event', type: 't', data: body };
  expect((await claim({ key_from: 'detect', payload: event })).outputs).toMatchObject({ source: 'stripe' });
});

test('a run reference that is the derived key is refused', async () => {
  setting = await openSetting('own');
  const { outputs } = await setting.client.preview('claimKey', claimOf(0, 0));
  const reference = claimOf(0, 0, { run_reference: outputs['key'] });
  await expect(setting.client.perform('claimKey', reference)).rejects.toMatchObject({
    details: { field: 'run_reference' },
  });
});

test.each<[string, object, string, string]>([
  ['no body', { payload: ' ' }, 'payload', '“Webhook Body” is empty'],
  ['a body of nothing', { payload: '{}' }, 'payload', 'nothing in it tells one event from another'],
  ['a body too deep', { payload: '['.repeat(600) + ']'.repeat(600) }, 'payload', '“Webhook Body” is nested'],
  ['no field', { key_from: 'fields' }, 'fields', '“Chosen Fields” is empty'],
  ['a field that is missing', { key_from: 'fields', fields: 'x.y' }, 'fields', 'names “x.y”'],
  ['an unknown sender', { source: 'acme' }, 'source', '“Sender” must be one of'],
  ['another sender', { source: 'typeform' }, 'payload', '“Webhook Body” is no response of Typeform'],
  [
    'a body that was parsed',
    { payload: { id: 1 }, source: 'github', signing_secret: 's' },
    'payload',
    'as it came',
  ],
])('%s is refused by the name of the field, and nothing is sent', async (_, more, field, said) => {
  setting = await openSetting('own');
  await expect(setting.client.perform('claimKey', claimOf(0, 0, more))).rejects.toMatchObject({
    ...{ code: 'invalid_input', details: { field, detail: expect.stringContaining(said) } },
  });
  expect(setting.network.sent).toEqual([]);
});
