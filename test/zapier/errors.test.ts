import type { OperationId } from '@onceonly/shared';
import { openZapier, type ZapierError } from '../platforms/zapier.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { errorOf, outputsOf, useZapier } from './setting.ts';
import { shownTime } from '@onceonly/shared/shown-time.ts';

/** By the clock of the app, which is the machine's. */
const shown = (instant: string): string => shownTime(instant, Date.now());

const MINUTE = 60_000;

const setting = useZapier();
const { outputs, error } = setting;
let proxy: Proxy;

beforeEach(async () => {
  proxy = await openProxy(setting.world.baseUrl);
});
afterEach(() => proxy.close());

const claimToken = async (inputs = {}): Promise<unknown> =>
  (await outputs('claimKey', { ...setting.event, hold_minutes: 10, ...inputs }))['claim_token'];

async function errorThroughProxy(id: OperationId, inputs: Record<string, unknown>): Promise<ZapierError> {
  const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
  return errorOf(await zapier.step(id, inputs));
}

test('a duplicate halts the run: which key, first seen when, and what came of it', async () => {
  await outputs('completeKey', { claim_token: await claimToken() });
  setting.world.advance(MINUTE);
  const { key } = setting.event;
  expect(await error('claimKey', setting.event)).toEqual({
    name: 'HaltedError',
    message: `Duplicate: “send-invoice:${key}” was already handled on ${shown('2026-11-25T09:00:00.000Z')}. This run stopped.`,
  });
  await outputs('lockKey', setting.event);
  expect(await error('lockKey', setting.event)).toEqual({
    name: 'HaltedError',
    message: `Duplicate: “send-invoice:${key}” already came on ${shown('2026-11-25T09:01:00.000Z')}. This run stopped.`,
  });
});

test('a claim that nobody holds any more is not prolonged: an error, before work that nobody else does', async () => {
  const claim_token = await claimToken();
  await outputs('releaseKey', { claim_token });
  const told = await error('extendClaim', { claim_token });
  expect(told).toMatchObject({ name: 'AppError', code: 'lease_lost' });
  expect(told.message).toContain('No other run is known to have done its work');
});

test.each([
  ['failKey', /Nothing was changed/],
  ['extendClaim', /stops here, before it does the work a second time/],
  ['releaseKey', /Nothing was changed/],
] as const)('%s of a run that was overtaken halts it with a sentence', async (id, message) => {
  const late = await claimToken();
  setting.world.advance(11 * MINUTE);
  await claimToken();
  const halted = await error(id, { claim_token: late });
  expect(halted).toEqual({ name: 'HaltedError', message: expect.stringMatching(message) });
  expect(halted.message).toMatch(/^Too late: another run has taken over/);
});

describe('what a person must hear is an error', () => {
  test('the work was done, and another run had taken over: perhaps it was done twice', async () => {
    const late = await claimToken();
    setting.world.advance(11 * MINUTE);
    await claimToken();
    const told = await error('completeKey', { claim_token: late });
    expect(told).toMatchObject({ name: 'AppError', code: 'lease_lost' });
    expect(told.message).toMatch(
      /^Too late: another run has taken over .* did its work too, so check whether it was done twice\. .*Extend Claim/,
    );
  });

  test('a run completes a key that it has released itself', async () => {
    const claim_token = await claimToken();
    await outputs('releaseKey', { claim_token });
    const told = await error('completeKey', { claim_token });
    expect(told).toMatchObject({ name: 'AppError', code: 'lease_lost' });
    expect(told.message).toContain('was released before.');
  });

  test('failed for good', async () => {
    await outputs('failKey', {
      claim_token: await claimToken(),
      reason: 'card declined',
      retryable: 'false',
    });
    expect(await error('claimKey', setting.event)).toMatchObject({
      name: 'AppError',
      code: 'failed',
      message: expect.stringContaining('Reason: card declined'),
    });
  });

  test('given up after its last attempt', async () => {
    await outputs('failKey', { claim_token: await claimToken({ max_attempts: '1' }), reason: 'timeout' });
    expect(await error('claimKey', { ...setting.event, max_attempts: '1' })).toMatchObject({
      name: 'AppError',
      code: 'exhausted',
    });
  });

  test('a run that died where nobody may try again', async () => {
    await claimToken({ if_run_died: 'block' });
    setting.world.advance(11 * MINUTE);
    expect(await error('claimKey', setting.event)).toMatchObject({ name: 'AppError', code: 'unresolved' });
  });

  test.each([
    [{ hold_minutes: 'soon' }, '“Hold For (Minutes)”'],
    [{ key: '' }, '“Key” is empty'],
    [{ key: '-' }, '“Key” has no letter or digit in it'],
    [{ key: '{{123__id}}' }, '“Key” still has “{{” and “}}” in it'],
    [{ key: '[object Object]' }, '“Key” holds “[object Object]”'],
    [{ job: ' - ' }, '“Job Name” has no letter or digit in it'],
    [{ job: 'a:b' }, '“Job Name” must not contain a colon'],
    [{ key: 'x'.repeat(250) }, 'together are'],
    [{ on_duplicate: 'explode' }, '“When It Is a Duplicate”'],
  ])('an input that cannot be used: %j', async (inputs, named) => {
    const told = await error('claimKey', { ...setting.event, ...inputs });
    expect(told).toMatchObject({ name: 'AppError', code: 'invalid_input' });
    expect(told.message).toContain(named);
  });

  test('the token of a test in a live run', async () => {
    const test = outputsOf(await setting.zapier.step('claimKey', setting.event, { isLoadingSample: true }));
    expect(await error('completeKey', { claim_token: test['claim_token'] })).toMatchObject({
      name: 'AppError',
      code: 'test_token',
    });
  });

  test('a plan that is used up', async () => {
    proxy.answer(402, {}, '{"detail":{"error":"payment_required","upgrade_url":"https://example.com/up"}}');
    expect(await errorThroughProxy('claimKey', setting.event)).toMatchObject({
      name: 'AppError',
      code: 'payment_required',
      status: 402,
      message: expect.stringContaining('https://example.com/up'),
    });
  });
});

describe('what may pass by itself is tried again', () => {
  test.each([
    ['a bad gateway', 502, {}, '<h1>Bad Gateway</h1>'],
    ['a firewall’s refusal', 403, { 'content-type': 'text/html' }, '<h1>Forbidden</h1>'],
    ['a firewall’s refusal as JSON', 403, {}, '{"message":"Forbidden"}'],
    ['an answer of something else', 200, {}, '{"status":"ok"}'],
    ['a web page', 200, { 'content-type': 'text/html' }, '<h1>Log in</h1>'],
  ])('%s: after a minute or a little more', async (_, status, headers, body) => {
    proxy.answer(status, headers, body);
    const throttled = await errorThroughProxy('claimKey', setting.event);
    expect(throttled.name).toBe('ThrottledError');
    expect(throttled.delay).toBeGreaterThanOrEqual(60);
    expect(throttled.delay).toBeLessThanOrEqual(90);
  });

  test('nobody there: the same', async () => {
    await proxy.close();
    const throttled = await errorThroughProxy('completeKey', { claim_token: await claimToken() });
    expect(throttled).toMatchObject({
      name: 'ThrottledError',
      message: expect.stringContaining('asking twice does no harm'),
    });
    expect(throttled.delay).toBeGreaterThanOrEqual(60);
    expect(throttled.delay).toBeLessThanOrEqual(90);
  });

  test.each([
    ['40', 40],
    ['9999', 900],
  ])('too many requests, try again after %s s: after %i s', async (asked, delay) => {
    proxy.answer(429, { 'retry-after': asked }, '{"detail":{"error":"rate_limited"}}');
    expect(await errorThroughProxy('claimKey', setting.event)).toMatchObject({
      name: 'ThrottledError',
      delay,
    });
  });

  test('unless the step is set to go on unprotected; Mark Complete then claims and completes in one go', async () => {
    const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    proxy.answer(502, {}, '');
    const ran = outputsOf(await zapier.step('claimKey', { ...setting.event, when_unreachable: 'continue' }));
    expect(ran).toMatchObject({ status: 'unprotected', proceed: true, duplicate: null });
    proxy.pass();
    expect(outputsOf(await zapier.step('completeKey', { claim_token: ran['claim_token'] }))).toMatchObject({
      completed: true,
    });
    expect((await error('claimKey', setting.event)).name).toBe('HaltedError');
  });
});

test('a run that went on unprotected is remembered for as long as its step asks', async () => {
  proxy.answer(502, {}, '');
  const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
  const long = { ...setting.event, remember_days: '30', when_unreachable: 'continue' };
  const { claim_token } = outputsOf(await zapier.step('claimKey', long));
  await outputs('completeKey', { claim_token });
  setting.world.advance(29 * 24 * 60 * MINUTE);
  expect((await error('claimKey', setting.event)).name).toBe('HaltedError');
});

test('a Run Reference that an older Zap still has lets no copy of an event pass', async () => {
  const older = { ...setting.event, run_reference: 'order 1' };
  await outputs('claimKey', older);
  expect(await outputs('claimKey', { ...older, while_in_progress: 'continue' })).toMatchObject({
    proceed: false,
  });
  await outputs('lockKey', older);
  expect((await error('lockKey', older)).name).toBe('HaltedError');
  expect(await error('failKey', { run: 'order 1' })).toMatchObject({ code: 'invalid_input' });
});

test('a key that the service does not know any more asks the user to reconnect', async () => {
  const zapier = await openZapier({ ...setting.world, apiKey: 'once_live_revoked' }, setting.process);
  expect(errorOf(await zapier.step('claimKey', setting.event))).toEqual({
    name: 'ExpiredAuthError',
    message:
      'OnceOnly does not accept the API key. Reconnect with a valid API key, and check that it belongs to this Base URL.',
  });
});
