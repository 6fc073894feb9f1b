import { useZapier } from './setting.ts';

/** What Zapier filled in, held against what was mapped. */

const setting = useZapier();
const EVENT_AND_ORDER = '{{123__event}}:{{123__order__id}}';

const claim = (raw: object, inputs: object, meta = { isLoadingSample: false }) => {
  const given = { job: 'send-invoice', ...inputs };
  const inputDataRaw = { ...given, ...raw };
  return setting.zapier.attempt('creates.claimKey.operation.perform', given, { inputDataRaw, meta });
};

test.each([
  ['an order', { key: EVENT_AND_ORDER }, { key: 'order.created:7' }],
  ['an ID that ends as the words between do', { key: 'order-{{123__id}}' }, { key: 'order-7-' }],
  ['words alone', { key: 'order-7' }, { key: 'order-7' }],
  ['fields without words between', { key: '{{123__a}}{{123__b}}' }, { key: 'b' }],
  ['three fields', { key: '{{1__a}}-{{1__b}}-{{1__c}}' }, { key: '1-2-3' }],
])('%s goes on', async (_, raw, inputs) => {
  expect(await claim(raw, inputs)).toMatchObject({ results: { proceed: true } });
});

test.each([
  [{ key: EVENT_AND_ORDER }, { key: 'order.created:' }, 'key', 'order.id'],
  [{ key: EVENT_AND_ORDER }, { key: ':7' }, 'key', 'event'],
  [{ key: 'order-{{123__id}}' }, { key: 'order-' }, 'key', 'id'],
  [{ key: 'order {{123__id}}' }, { key: 'order' }, 'key', 'id'],
  [{ key: '{{1__a}}-{{1__b}}-{{1__c}}' }, { key: '1--3' }, 'key', 'b'],
  [{ key: '{{1__a}}-{{1__b}}-{{1__c}}' }, { key: '1-2-' }, 'key', 'c'],
  [{ job: 'send-{{1__what}}' }, { job: 'send-', key: 'evt_1' }, 'job name', 'what'],
])('%j that came to %j is refused, in the editor as well', async (raw, inputs, field, missing) => {
  for (const isLoadingSample of [false, true]) {
    const { error } = (await claim(raw, inputs, { isLoadingSample })) as { error: object };
    expect(error).toMatchObject({
      ...{ name: 'AppError', code: 'invalid_input' },
      message: expect.stringContaining(`Part of the ${field} is missing: the field “${missing}” came empty`),
    });
  }
});

test('a key that was typed in stops all events but the first, and each message says so', async () => {
  const told = { message: expect.stringContaining('“Key” takes nothing from the event') };
  const typed = { key: 'order.id', job: 'typed' };
  for (const isLoadingSample of [true, false])
    expect(await claim({}, typed, { isLoadingSample })).toMatchObject({
      results: { proceed: true, ...told },
    });
  await setting.zapier.step('completeKey', {
    claim_token: (await setting.outputs('claimKey', { ...typed, job: 'other' }))['claim_token'],
  });
  expect(await claim({}, { ...typed, job: 'other' })).toMatchObject({
    error: { name: 'HaltedError', ...told },
  });
  expect(await claim({ key: '{{1__id}}' }, { key: 'order-8' })).toMatchObject({
    results: { message: 'Go on: this run is the first for “send-invoice:order-8”.' },
  });
});

test.each([
  [{ key: '{{1__id}}-{{zap_meta_timestamp}}' }, { key: '7-1764490000' }],
  [{ key: '{{zap_meta_human_now}}' }, { key: '11/30/26 08:12 AM' }],
  [{ key: '{{zap_meta_utc_iso}}' }, { key: '2026-11-30T08:12:00Z' }],
])('%j is new in each run, and refused', async (raw, inputs) => {
  expect(await claim(raw, inputs)).toMatchObject({
    error: { code: 'invalid_input', message: expect.stringContaining('which is new in each run') },
  });
});
