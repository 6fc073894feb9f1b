import { openZapier, type ZapierError } from '../platforms/zapier.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { errorOf, outputsOf, useZapier } from './setting.ts';

const HOUR = 3_600_000;

const setting = useZapier();
const { outputs, error } = setting;

test('a claim of which nobody heard is taken over by the replay: done once, and not lost', async () => {
  const proxy = await openProxy(setting.world.baseUrl);
  try {
    const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    proxy.dropAnswers();
    expect(errorOf(await zapier.step('claimKey', setting.event)).name).toBe('ThrottledError');
    // The server acted on it all the same.
    expect(await outputs('getKey', setting.event)).toMatchObject({ status: 'in_progress', attempt: 1 });
    proxy.pass();

    setting.world.advance(12 * HOUR);
    const replay = outputsOf(await zapier.step('claimKey', setting.event));
    expect(replay).toMatchObject({ proceed: true, attempt: 2, reentrant: false });
    await outputs('completeKey', { claim_token: replay['claim_token'] });
    expect((await error('claimKey', setting.event)).name).toBe('HaltedError');
  } finally {
    await proxy.close();
  }
});

test('Check Key Once of which nobody heard stops its own replay, as its error and its help say', async () => {
  const proxy = await openProxy(setting.world.baseUrl);
  try {
    const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    proxy.dropAnswers();
    const unheard = errorOf(await zapier.step('lockKey', setting.event));
    expect(unheard.name).toBe('ThrottledError');
    expect(unheard.message).toContain('If that try stops as a duplicate, check whether the work was done');
    expect(unheard.message).not.toContain('no harm');
    proxy.pass();
    expect(errorOf(await zapier.step('lockKey', setting.event)).name).toBe('HaltedError');
    const fields = await zapier.execute('creates.lockKey.operation.inputFields');
    expect(JSON.stringify(fields)).toContain('no run did the work');
  } finally {
    await proxy.close();
  }
});

test('a claim whose first answers are lost finds its own lease', async () => {
  const proxy = await openProxy(setting.world.baseUrl);
  try {
    const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    proxy.dropAnswers();
    const claiming = zapier.step('claimKey', setting.event);
    while ((await outputs('getKey', setting.event))['exists'] !== true);
    proxy.pass();
    expect(outputsOf(await claiming)).toMatchObject({ proceed: true, attempt: 1, reentrant: true });
  } finally {
    await proxy.close();
  }
});

test('a completion whose answer is lost is done, and its replay goes on', async () => {
  const proxy = await openProxy(setting.world.baseUrl);
  try {
    const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    const { claim_token } = await outputs('claimKey', setting.event);
    proxy.dropAnswers();
    expect(errorOf(await zapier.step('completeKey', { claim_token })).name).toBe('ThrottledError');
    proxy.pass();
    expect(outputsOf(await zapier.step('completeKey', { claim_token }))).toMatchObject({ completed: true });
  } finally {
    await proxy.close();
  }
});

test('a run that waits for a key in flight goes on as soon as that run has failed', async () => {
  const { claim_token } = await outputs('claimKey', setting.event);
  const waiting = outputs('claimKey', setting.event);
  await outputs('failKey', { claim_token, reason: 'timeout' });
  expect(await waiting).toMatchObject({ proceed: true, attempt: 2 });
});

describe('what takes its time', () => {
  let proxy: Proxy;
  /** Begins beside the first test, so that both take the time of one. */
  let unanswered: Promise<{ readonly error: ZapierError; readonly afterMs: number }>;

  beforeAll(async () => {
    proxy = await openProxy(setting.world.baseUrl);
    proxy.hang();
    const zapier = await openZapier({ ...setting.world, baseUrl: proxy.baseUrl }, setting.process);
    const startedAt = performance.now();
    unanswered = zapier
      .step('claimKey', { job: 'another', key: 'evt' })
      .then((step) => ({ error: errorOf(step), afterMs: performance.now() - startedAt }));
  });
  afterAll(() => proxy.close());

  test('the work fails, the event comes again, the replay runs the failed step alone: done once', async () => {
    const { claim_token } = await outputs('claimKey', setting.event);
    // The work step fails here. Zapier keeps the outputs of the claim and will replay the work step alone.
    const [later, halted, wentOn, chosen, insisted] = await Promise.all([
      error('claimKey', setting.event),
      error('claimKey', { ...setting.event, while_in_progress: 'stop' }),
      outputs('claimKey', { ...setting.event, while_in_progress: 'continue' }),
      // What was chosen in the one field that everybody sees is what happens.
      outputs('claimKey', { ...setting.event, on_duplicate: 'continue' }),
      error('claimKey', { ...setting.event, on_duplicate: 'continue', while_in_progress: 'always_retry' }),
    ]);
    expect(later).toEqual({
      name: 'ThrottledError',
      message: `Another run is at work on “send-invoice:${setting.event.key}” and has not finished yet.`,
      delay: expect.any(Number),
    });
    expect(later.delay).toBeLessThanOrEqual(300);
    expect(halted.name).toBe('HaltedError');
    expect(wentOn).toMatchObject({ proceed: false, status: 'in_progress', claim_token: null });
    expect(chosen).toMatchObject({ proceed: false, status: 'in_progress', claim_token: null });
    expect(insisted.name).toBe('ThrottledError');

    // Zapier's last replay of a step.
    setting.world.advance(10.6 * HOUR);
    expect(await outputs('completeKey', { claim_token })).toMatchObject({ completed: true });
    expect((await error('claimKey', setting.event)).name).toBe('HaltedError');
    expect(await outputs('getKey', setting.event)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  test('a service that never answers does not keep the step past the end that Zapier sets', async () => {
    const ended = await unanswered;
    expect(ended.error.name).toBe('ThrottledError');
    expect(ended.afterMs).toBeLessThan(30_000);
  });
});
