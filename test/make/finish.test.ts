import { createHash } from 'node:crypto';
import { bundleOf, errorOf, useApp } from './harness.ts';

const at = useApp();

let count = 0;
let key = '';
/** As messages show it. */
let shown = '';
let token: unknown;
beforeEach(async () => {
  count += 1;
  const event = { job: `finish-${String(count)}`, key: 'evt.with.dots', hold_minutes: 10 };
  key = `${event.job}:${event.key}`;
  shown = key.replaceAll('.', '·');
  token = bundleOf(await at.app.run('claimKey', event))['claim_token'];
});

const run = async (module: string, more: Record<string, unknown> = {}) =>
  bundleOf(await at.app.run(module, { claim_token: token, ...more }));

const lookUp = async () => {
  const [job = '', ...rest] = key.split(':');
  return bundleOf(await at.app.run('getKey', { job, key: rest.join(':') }));
};

test('complete gives the outputs of the other platforms', async () => {
  expect(await run('completeKey')).toEqual({
    status: 'completed',
    completed: true,
    key,
    state: 'completed',
    done_at: expect.stringMatching(/^2026-11-25T09:0.:00/),
    error_code: null,
    message: `Done: “${shown}”. Later runs of the same event will stop.`,
  });
});

describe('a result', () => {
  test.each<[string, unknown]>([
    ['text', 'INV-1042'],
    ['text that looks like JSON', '{"invoice":"INV-1042"}'],
    ['a collection', { invoice: 'INV-1042', nested: { paid: false } }],
    ['a collection that holds value and more', { value: 'a', other: 1 }],
  ])('that is %s comes back as it was', async (_, result) => {
    await run('completeKey', { result });
    expect((await lookUp())['result']).toEqual(result);
  });

  test.each<[string, unknown]>([
    ['a number', 5],
    ['an array', [1, 2]],
    ['a yes or no', false],
  ])('that is %s comes back within an object, as on the other platforms', async (_, result) => {
    await run('completeKey', { result });
    expect((await lookUp())['result']).toEqual({ value: result });
  });

  test.each([undefined, null, ''])('that is %p is none', async (result) => {
    await run('completeKey', { result });
    expect((await lookUp())['result']).toBeNull();
  });

  test.each([
    ['ASCII', 'x'.repeat(65_600)],
    ['umlauts, each of two bytes', 'ü'.repeat(33_000)],
    ['quotation marks, which JSON doubles', '"'.repeat(33_000)],
  ])('that is too large (%s) is left out, and the work is done all the same', async (_, result) => {
    expect(await run('completeKey', { result })).toMatchObject({ completed: true });
    expect((await lookUp())['result']).toEqual({ truncated: true });
    const status = await at.app.run('makeApiCall', {
      url: '/v1/ai/status',
      method: 'GET',
      qs: [{ key: 'key', value: key }],
    });
    expect(bundleOf(status)['body']).toMatchObject({
      result_hash: createHash('sha256')
        .update(JSON.stringify({ value: result }))
        .digest('hex'),
    });
  });

  test.each<[string, unknown]>([
    ['text', 'x'.repeat(3_000_000)],
    ['the longest that is not cut', '漢'.repeat(79_990)],
    ['quotation marks, which JSON doubles twice', '"'.repeat(100_000)],
    ['umlauts and line breaks', 'ü\n漢'.repeat(500_000)],
    ['a collection', { rows: Array.from({ length: 100_000 }, (_, row) => ({ row, '"': '\n"' })) }],
  ])('that no request can hold (%s) is cut before it is sent, and left out', async (_, result) => {
    expect(await run('completeKey', { result })).toMatchObject({ completed: true });
    expect((await lookUp())['result']).toEqual({ truncated: true });
  });

  test('just within the limit is kept', async () => {
    const result = 'x'.repeat(65_000);
    await run('completeKey', { result });
    expect((await lookUp())['result']).toBe(result);
  });

  test('that is empty fails the key where that is chosen', async () => {
    expect(await run('completeKey', { result: ' ', reject_empty: true })).toMatchObject({
      status: 'failed',
      completed: false,
      error_code: 'empty_output',
    });
  });
});

test('fail takes a reason, and cuts it', async () => {
  expect(await run('failKey', { reason: 'x'.repeat(300) })).toEqual({
    status: 'failed',
    failed: true,
    key,
    state: 'failed',
    keys_failed: 1,
    message: `Marked as failed: “${shown}”. The next run of the same event tries again.`,
  });
  expect((await lookUp())['error_code']).toBe('x'.repeat(256));
});

test('fail without a reason or for good says so', async () => {
  expect(await run('failKey', { retryable: false })).toMatchObject({
    message: `Marked as failed for good: “${shown}”.`,
  });
  expect(await lookUp()).toMatchObject({ status: 'failed', error_code: 'failed' });
});

test('fail by run reference fails every key that the run holds', async () => {
  const reference = `run-${String(count)}`;
  for (const key of ['a', 'b'])
    bundleOf(await at.app.run('claimKey', { job: `by-run-${String(count)}`, key, run_reference: reference }));
  expect(bundleOf(await at.app.run('failKey', { run: reference, reason: 'run died' }))).toEqual({
    status: 'failed',
    failed: true,
    key: null,
    state: null,
    keys_failed: 2,
    message: 'Marked as failed: all 2 keys that the run still had.',
  });
});

test('extend holds the key from now on', async () => {
  expect(await run('extendClaim', { hold_minutes: 0.5 })).toEqual({
    status: 'extended',
    extended: true,
    key,
    state: 'in_progress',
    hold_seconds: 30,
    message: `This run holds “${shown}” for another 30 seconds.`,
  });
  expect(await run('extendClaim')).toMatchObject({ hold_seconds: 30 });
});

test('release frees the key', async () => {
  expect(await run('releaseKey', { reason: 'nothing to do' })).toEqual({
    status: 'released',
    released: true,
    key,
    state: 'released',
    message: `Free again: “${shown}”. The next run of the same event may claim it.`,
  });
  expect(await lookUp()).toMatchObject({ exists: false, status: null });
});

describe('no normal outcome is an error', () => {
  const MODULES = ['completeKey', 'failKey', 'extendClaim', 'releaseKey'];

  const takenOver = async (): Promise<void> => {
    at.world.advance(10 * 60_000);
    const [job = ''] = key.split(':');
    bundleOf(await at.app.run('claimKey', { job, key: 'evt.with.dots' }));
  };

  test.each(['completeKey', 'failKey', 'releaseKey'])(
    '%s after another run has taken over says that it is too late',
    async (module) => {
      await takenOver();
      expect(await run(module)).toMatchObject({
        status: 'lease_lost',
        state: 'in_progress',
        message: expect.stringContaining('another run has taken over'),
      });
    },
  );

  test('extendClaim after another run has taken over ends the route, before the work is done twice', async () => {
    await takenOver();
    expect(await at.app.run('extendClaim', { claim_token: token })).toEqual({ bundles: [] });
  });

  test.each(['failKey', 'releaseKey'])('%s of a finished key says so', async (module) => {
    await run('completeKey');
    expect(await run(module)).toMatchObject({
      status: 'already_finished',
      state: 'completed',
      message: expect.stringContaining('is already finished, as completed.'),
    });
  });

  test.each(MODULES)('%s of an unknown key says so', async (module) => {
    expect(errorOf(await at.app.run(module, { claim_token: 'claim_lease|never:seen' }))).toMatchObject({
      type: 'DataError',
      message: expect.stringContaining('OnceOnly has no record of “never:seen” here'),
    });
  });
});
