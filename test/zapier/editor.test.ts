import type { OperationId } from '@onceonly/shared';
import { openZapier } from '../platforms/zapier.ts';
import { openProxy } from './proxy.ts';
import { errorOf, outputsOf, useZapier } from './setting.ts';

const IN_EDITOR = { isLoadingSample: true };

const setting = useZapier();
const { outputs, error } = setting;

const inEditor = async (id: OperationId, inputs: Record<string, unknown>): Promise<Record<string, unknown>> =>
  outputsOf(await setting.zapier.step(id, inputs, IN_EDITOR));

test('a claim has the shape of a live one, and claims nothing', async () => {
  const tested = await inEditor('claimKey', setting.event);
  expect(tested).toMatchObject({
    proceed: true,
    claim_token: expect.stringMatching(/^test_.+\|send-invoice:evt_\d+$/),
    message: 'Test only: nothing was claimed. A live run would be the first.',
  });
  expect(await outputs('getKey', setting.event)).toMatchObject({ exists: false });
  expect(Object.keys(tested)).toEqual(Object.keys(await outputs('claimKey', setting.event)));
});

test('a claim of a key that is taken still goes on, says what a live run meets, and changes nothing', async () => {
  const { claim_token } = await outputs('claimKey', setting.event);
  await outputs('completeKey', { claim_token, result: 'INV-1042' });
  const before = await outputs('getKey', setting.event);
  const tested = await inEditor('claimKey', setting.event);
  expect(tested).toMatchObject({ proceed: true, message: expect.stringContaining('would not be the first') });
  expect(tested['message']).toContain(`Completed: “send-invoice:${setting.event.key}”`);
  expect(await outputs('getKey', setting.event)).toEqual(before);
});

test('a plan that holds keys for less than the step asks for is an error before anything runs', async () => {
  const proxy = await openProxy(setting.world.baseUrl);
  try {
    proxy.answer(200, {}, '{"plan":"free","ok":true,"status":"in_progress"}');
    const hosted = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    for (const [id, field] of [
      ['claimKey', 'Hold For (Minutes)” is 720'],
      ['lockKey', 'Remember For (Minutes)” is 1440'],
    ] as const) {
      const refused = errorOf(await hosted.step(id, setting.event, IN_EDITOR));
      expect(refused).toMatchObject({ name: 'AppError', code: 'invalid_input' });
      expect(refused.message).toContain(`“${field}, but your plan holds a key for at most 60 minutes`);
      const short = { ...setting.event, hold_minutes: '60', remember_minutes: '60' };
      expect(await hosted.step(id, short, IN_EDITOR)).toHaveProperty('outputs');
    }
  } finally {
    await proxy.close();
  }
});

test('Check Key Once locks nothing', async () => {
  expect(await inEditor('lockKey', setting.event)).toMatchObject({
    proceed: true,
    message: 'Test only: nothing was claimed, and nothing changed.',
  });
  expect(await outputs('lockKey', setting.event)).toMatchObject({ proceed: true });
});

test.each(['completeKey', 'failKey', 'extendClaim', 'releaseKey'] as const)(
  '%s takes the token of the test, and asks nobody',
  async (id) => {
    const { claim_token } = await inEditor('claimKey', setting.event);
    const nobody = await openZapier({ ...setting.world, baseUrl: 'http://127.0.0.1:1' }, setting.process);
    const tested = outputsOf(await nobody.step(id, { claim_token }, IN_EDITOR));
    expect(tested['message']).toBe('Test only: nothing was sent, and nothing changed.');
  },
);

test.each(['completeKey', 'failKey', 'releaseKey'] as const)(
  '%s with a live token leaves the claim as it is',
  async (id) => {
    const { claim_token } = await outputs('claimKey', setting.event);
    const before = await outputs('getKey', setting.event);
    await inEditor(id, { claim_token });
    expect(await outputs('getKey', setting.event)).toEqual(before);
  },
);

const NO_TOKEN =
  'is not one that “Check & Claim Key” gave out. Map the Claim Token of “Check & Claim Key” in this same run';

describe.each(['completeKey', 'failKey', 'extendClaim', 'releaseKey'] as const)('%s', (id) => {
  test.each([
    ['john@acme.com', NO_TOKEN],
    ['abc', NO_TOKEN],
    ['{{123__claim_token}}', NO_TOKEN],
    ['claim_{{123__lease}}|send-invoice:e1', NO_TOKEN],
    ['claim_lease 1|send-invoice:e1', NO_TOKEN],
    ['claim_lease-1|send-invoice:e1,claim_lease-2|send-invoice:e2', NO_TOKEN],
    ['unprotected_!!!|send-invoice:e1', NO_TOKEN],
    ['', 'is empty'],
    [undefined, 'is empty'],
  ])('refuses the claim token %j, in the editor and live, and asks nobody', async (claim_token, what) => {
    const nobody = await openZapier({ ...setting.world, baseUrl: 'http://127.0.0.1:1' }, setting.process);
    for (const isLoadingSample of [true, false]) {
      const refused = errorOf(await nobody.step(id, { claim_token }, { isLoadingSample }));
      expect(refused).toMatchObject({ name: 'AppError', code: 'invalid_input' });
      expect(refused.message).toContain(`“Claim Token” ${what}`);
    }
  });

  test('of a key that nobody knows is an error that a person sees', async () => {
    expect(await error(id, { claim_token: 'claim_lease-1|send-invoice:never' })).toMatchObject({
      name: 'AppError',
      code: 'not_found',
      message: expect.stringContaining('OnceOnly has no record of “send-invoice:never” here'),
    });
  });
});

test('an input that cannot be used is told at once', async () => {
  const step = await setting.zapier.step('claimKey', { job: 'a:b', key: 'c' }, IN_EDITOR);
  expect(errorOf(step)).toMatchObject({ name: 'AppError', code: 'invalid_input' });
});

test.each(['claimKey', 'lockKey'] as const)(
  'an unreachable service is told %s at once, not waited for',
  async (id) => {
    const nobody = await openZapier({ ...setting.world, baseUrl: 'http://127.0.0.1:1' }, setting.process);
    expect(errorOf(await nobody.step(id, setting.event, IN_EDITOR))).toMatchObject({
      name: 'AppError',
      code: 'no_answer',
    });
  },
);

test('a live run does not take the token of a test', async () => {
  const { claim_token } = await inEditor('claimKey', setting.event);
  expect(await error('completeKey', { claim_token })).toMatchObject({ code: 'test_token' });
});
