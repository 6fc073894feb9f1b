import { openZapier } from '../platforms/zapier.ts';
import { openProxy } from './proxy.ts';
import { outputsOf, useZapier } from './setting.ts';

/** One at a Time For, and Version or Change Time. */

const setting = useZapier({ waitMs: 1_000 });
const { outputs, error } = setting;

type Inputs = Readonly<Record<string, unknown>>;

const claim = (more: Inputs): Promise<Inputs> => outputs('claimKey', { job: 'sync', ...more });

const complete = ({ claim_token }: Inputs): Promise<Inputs> => outputs('completeKey', { claim_token });

/** A first step with what was mapped in its fields, and what Zapier filled in. */
const mapped = (given: Inputs, raw: Inputs, meta = { isLoadingSample: false }) => {
  const inputData = { job: 'sync', ...given };
  const inputDataRaw = { ...inputData, ...raw };
  return setting.zapier.attempt('creates.claimKey.operation.perform', inputData, { inputDataRaw, meta });
};

describe('a change with a version is done once, however it is sent again', () => {
  const ofRecord = { group: 'cus_1', sequence: '1764403200' };
  const stripe = (pending: number): string =>
    JSON.stringify({
      ...{ id: 'evt_1', object: 'event', type: 'customer.updated', created: 1_764_403_200 },
      ...{ api_version: '2025-06-30', livemode: true, pending_webhooks: pending },
      data: { object: { id: 'cus_1', object: 'customer' } },
    });

  test.each<[string, Inputs, string, string]>([
    ['detected', { key_from: 'detect' }, stripe(2), stripe(1)],
    ['whole', { key_from: 'whole', leave_out: ['try'] }, '{"id":7,"try":1}', '{"id":7,"try":2}'],
  ])('%s', async (job, chosen, first, again) => {
    const delivery = { job, ...chosen, ...ofRecord };
    await complete(await claim({ ...delivery, payload: first }));
    expect(await error('claimKey', { ...delivery, payload: again })).toMatchObject({
      ...{ name: 'HaltedError', message: expect.stringMatching(/^Duplicate: /) },
    });
  });

  test('of chosen fields, the step says that the whole content counts', async () => {
    const chosen = { key_from: 'fields', fields: ['id'], sequence: '5', payload: '{"id":7,"attempt":1}' };
    const { key_made_from: what } = await claim(chosen);
    expect(what).toBe(
      'the field “id”, the version, and the whole content. It includes “attempt”: if a resend changes it, set Key From to A value I enter, with the ID of the record',
    );
  });
});

test('a version counts under its job alone, and what it is of is named', async () => {
  const ofRecord = { key_from: 'whole', group: 'contact-1' };
  await complete(await claim({ ...ofRecord, sequence: '10', payload: '{"v":10}' }));
  const older = { ...ofRecord, sequence: '9', payload: '{"v":9}' };
  const { name, message } = await error('claimKey', { job: 'sync', ...older });
  expect(name).toBe('HaltedError');
  expect(message).toContain(
    'Older change: a newer version (10) of “sync:contact-1” is already done. This run stopped.',
  );
  expect(await claim({ job: 'mail', ...older })).toMatchObject({ proceed: true });
});

test.each<[Inputs, Inputs, string]>([
  [{ sequence: '' }, { sequence: '{{1__updated}}' }, 'the field “updated” came empty'],
  [{}, { sequence: '{{1__updated}}' }, 'the field “updated” came empty'],
  [{ sequence: '2026-11-25T' }, { sequence: '{{1__day}}T{{1__time}}' }, 'the field “time” came empty'],
  [{ sequence: '2026-11-25' }, {}, 'all changes of one day would count as one'],
  [{ group: '' }, { group: '{{1__customer}}' }, 'the field “customer” came empty'],
  [{ group: 'customer-' }, { group: 'customer-{{1__id}}' }, 'the field “id” came empty'],
  [{ group: '{{1__id}}' }, {}, 'still has “{{” and “}}” in it'],
  [{ group: ' - ' }, {}, 'has no letter or digit in it'],
  [{ group: '[object Object]' }, {}, 'All events would wait for one another'],
])('%j of %j is refused, and a step that only watches goes on', async (given, raw, sentence) => {
  const { error } = (await mapped({ key: '17', ...given }, raw)) as { error: { message: string } };
  expect(error).toMatchObject({ name: 'AppError', code: 'invalid_input' });
  expect(error.message).toContain(sentence);
  expect(await mapped({ key: '17', on_duplicate: 'watch', ...given }, raw)).toMatchObject({
    results: { proceed: true, status: 'not_checked', message: expect.stringContaining(sentence) },
  });
});

test('a version that nothing is mapped to may be left out', async () => {
  expect(await mapped({ key: 'plain', sequence: '', group: '' }, {})).toMatchObject({
    results: { proceed: true, key: 'sync:plain' },
  });
});

test('where a step only watches, the steps that end or prolong a claim go on as well', async () => {
  const watching = { key: 'watched', on_duplicate: 'watch' };
  await claim(watching);
  const { claim_token } = await claim(watching);
  for (const id of ['extendClaim', 'failKey', 'releaseKey', 'completeKey'] as const) {
    const { status, message } = await outputs(id, { claim_token });
    expect(status).toBe('watched');
    expect(message).toContain('Watch only: this run went on');
  }
});

test('a run whose group has gone on without it stops before its work, with an error: nobody does it', async () => {
  const ofCustomer = { group: 'customer-2' };
  const first = await claim({ key: 'order-1', ...ofCustomer });
  setting.world.advance(13 * 3_600_000);
  const second = await claim({ key: 'order-2', ...ofCustomer });
  const lost = await error('extendClaim', { claim_token: first['claim_token'] });
  expect(lost).toMatchObject({ name: 'AppError', code: 'lease_lost' });
  expect(lost.message).toContain('No other run is known to have done its work.');
  const late = await error('completeKey', { claim_token: first['claim_token'] });
  expect(late.message).toContain('this run lost “sync:order-1”. Another run with the same One at a Time For');
  await complete(second);
});

describe('a run that went on unprotected', () => {
  const unprotected = async (inputs: Inputs): Promise<Inputs> => {
    const proxy = await openProxy(setting.world.baseUrl);
    try {
      proxy.answer(503, {}, '');
      const cut = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
      return outputsOf(await cut.step('claimKey', { job: 'sync', when_unreachable: 'continue', ...inputs }));
    } finally {
      await proxy.close();
    }
  };

  test.each(['completeKey', 'extendClaim', 'failKey', 'releaseKey'] as const)(
    'waits for its turn where its group is at work: %s',
    async (id) => {
      const ofCustomer = { group: `customer of ${id}` };
      const { claim_token } = await unprotected({ key: `${id} 1`, ...ofCustomer });
      const other = await claim({ key: `${id} 2`, ...ofCustomer });
      expect(await error(id, { claim_token })).toMatchObject({
        ...{ name: 'ThrottledError', message: expect.stringContaining('Nothing was changed') },
      });
      await complete(other);
      expect(await outputs(id, { claim_token })).toMatchObject({ key: `sync:${id} 1` });
    },
  );

  test('is told where a newer version was done meanwhile', async () => {
    const older = await unprotected({ key: 'record', sequence: '1' });
    await complete(await claim({ key: 'record', sequence: '2' }));
    const { name, message } = await error('completeKey', { claim_token: older['claim_token'] });
    expect(name).toBe('AppError');
    expect(message).toContain('a newer version than “sync:record:1” is already done');
  });
});
