import { bundleOf, errorOf, useApp } from './harness.ts';

const MINUTE = 60_000;

const at = useApp();

let count = 0;
let job = '';
/** Of the event that a test is about, as the service knows it. */
let key = '';
beforeEach(() => {
  count += 1;
  job = `job-${String(count)}`;
  key = `${job}:evt_1`;
});

const event = () => ({ job, key: 'evt_1', hold_minutes: 10 });
const claim = (more: Record<string, unknown> = {}) => at.app.run('claimKey', { ...event(), ...more });
const complete = async (more: Record<string, unknown> = {}) =>
  at.app.run('completeKey', { claim_token: bundleOf(await claim())['claim_token'], ...more });

const done = (): unknown =>
  expect.stringMatching(`^Duplicate: “${key}” was already handled on 25 Nov, 09:\\d\\d UTC`);

describe('the first claim', () => {
  test('gives one bundle, with the outputs of the other platforms', async () => {
    expect(bundleOf(await claim())).toEqual({
      status: 'claimed',
      proceed: true,
      duplicate: false,
      key,
      source: null,
      key_made_from: null,
      signature_checked: null,
      would_have_stopped: false,
      waits_for: null,
      newest_version: null,
      claim_token: expect.stringMatching(`^claim_[0-9a-f-]{36}\\|${key}$`),
      idempotency_key: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      attempt: 1,
      reentrant: false,
      first_seen_at: '2026-11-25T09:00:00.000Z',
      expires_at: '2026-11-25T09:10:00.000Z',
      hold_seconds: 600,
      done_at: null,
      result: null,
      error_code: null,
      retry_after_seconds: null,
      message: `Go on: this run is the first for “${key}”.`,
    });
  });

  test('takes job and key without blanks around them, so that all platforms mean the same key', async () => {
    bundleOf(await claim({ job: ` ${job} `, key: ' evt_1\n' }));
    expect(await claim({ while_in_progress: 'stop' })).toEqual({ bundles: [] });
  });

  test.each([
    ['job', 'with:colon', 'does not match its pattern'],
    ['key', undefined, 'is missing'],
    ['key', '', 'is missing'],
    ['job', '  ', 'does not match its pattern'],
    ['key', '   ', 'does not match its pattern'],
    ['key', ' - ', 'does not match its pattern'],
    ['key', 'order-{{1.id}}', 'does not match its pattern'],
    ['key', '[object Object]', 'does not match its pattern'],
    ['key', 'x'.repeat(257), 'is over 256'],
    ['hold_minutes', 'soon', 'is no number'],
    ['remember_days', 500, 'is over 400'],
  ])('is refused before it is sent for a %s of %p', async (field, value, what) => {
    const sent = at.app.made.log.length;
    expect(errorOf(await claim({ [field]: value }))).toEqual({
      type: 'BundleValidationError',
      message: `Validation failed for 1 parameter(s): ${field} ${what}.`,
    });
    expect(at.app.made.log).toHaveLength(sent);
  });
});

describe('of fifty claims at once', () => {
  test('one gives a bundle, and none an error', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        claim({ run_reference: index % 2 === 0 ? undefined : `run-${String(index)}` }).then(
          async (result) => {
            if ('bundles' in result && result.bundles[0])
              await at.app.run('completeKey', { claim_token: result.bundles[0]['claim_token'] });
            return result;
          },
        ),
      ),
    );
    expect(results.filter((each) => 'error' in each)).toEqual([]);
    expect(results.filter((each) => 'bundles' in each && each.bundles.length === 1)).toHaveLength(1);
  });
});

describe('a duplicate', () => {
  beforeEach(async () => {
    bundleOf(await complete({ result: { invoice: 'INV-1042' } }));
  });

  test('finds nothing, and so stops the route without an error', async () => {
    expect(await claim()).toEqual({ bundles: [] });
  });

  test('continues with Proceed false and the stored result', async () => {
    expect(bundleOf(await claim({ on_duplicate: 'continue' }))).toMatchObject({
      status: 'completed',
      proceed: false,
      duplicate: true,
      claim_token: null,
      result: { invoice: 'INV-1042' },
      message: done(),
    });
  });

  test('raises a DuplicateDataError where that is chosen', async () => {
    expect(errorOf(await claim({ on_duplicate: 'raise' }))).toEqual({
      type: 'DuplicateDataError',
      message: done(),
    });
  });

  test('of a key that is checked once does the same', async () => {
    const check = (more: Record<string, unknown> = {}) => at.app.run('lockKey', { ...event(), ...more });
    expect(bundleOf(await check())).toEqual({
      status: 'claimed',
      proceed: true,
      duplicate: false,
      key,
      source: null,
      key_made_from: null,
      signature_checked: null,
      first_seen_at: null,
      remember_seconds: 86_400,
      message: `Go on: this run is the first for “${key}”.`,
    });
    expect(await check()).toEqual({ bundles: [] });
    expect(bundleOf(await check({ on_duplicate: 'continue' }))).toMatchObject({
      proceed: false,
      duplicate: true,
    });
    expect(errorOf(await check({ on_duplicate: 'raise' })).type).toBe('DuplicateDataError');
  });
});

describe('while another run is at work', () => {
  beforeEach(async () => {
    bundleOf(await claim());
  });

  test('a further one stops by default, without an error', async () => {
    expect(await claim()).toEqual({ bundles: [] });
  });

  test('it may continue with Proceed false', async () => {
    expect(bundleOf(await claim({ while_in_progress: 'continue' }))).toMatchObject({
      status: 'in_progress',
      proceed: false,
      duplicate: true,
      claim_token: null,
      retry_after_seconds: 10,
    });
  });

  test('it may be tried again later: a RateLimitError, which Make repeats', async () => {
    expect(errorOf(await claim({ while_in_progress: 'retry_later' }))).toEqual({
      type: 'RateLimitError',
      message: expect.stringContaining(
        `Another run is at work on “${key}” and has not finished yet. If that was`,
      ),
    });
  });

  test('it takes over once the claim ends', async () => {
    at.world.advance(10 * MINUTE);
    expect(bundleOf(await claim())).toMatchObject({
      proceed: true,
      attempt: 2,
      message: `Go on: this is attempt 2 at “${key}”. No attempt before was completed.`,
    });
  });
});

test('with a run reference, a claim waits for the run at work, and learns what came of it', async () => {
  const token = bundleOf(await claim())['claim_token'];
  const waiting = claim({ run_reference: 'other', on_duplicate: 'continue' });
  bundleOf(await at.app.run('completeKey', { claim_token: token, result: 'INV-1042' }));
  expect(bundleOf(await waiting)).toMatchObject({ status: 'completed', result: 'INV-1042' });
  const claims = at.app.made.log
    .map(({ request }) => JSON.stringify(request))
    .filter((each) => each.includes(job));
  expect(claims.join('\n')).toContain('"run_reference":"other"');
});

describe('a run reference', () => {
  test('finds its own claim again when Make repeats a module whose answer was lost', async () => {
    const lost = bundleOf(await claim({ run_reference: 'run-1' }));
    expect(bundleOf(await claim({ run_reference: 'run-1' }))).toMatchObject({
      proceed: true,
      reentrant: true,
      attempt: 1,
      claim_token: lost['claim_token'],
    });
  });

  test('that is new for every bundle keeps two bundles of one execution with the same key apart', async () => {
    bundleOf(await claim({ run_reference: 'execution-1 bundle-1' }));
    expect(
      bundleOf(
        await at.app.run('claimKey', {
          ...event(),
          run_reference: 'execution-1 bundle-2',
          while_in_progress: 'continue',
        }),
      ),
    ).toMatchObject({ proceed: false });
  });

  test('left empty, every claim counts as a run of its own', async () => {
    bundleOf(await claim());
    expect(await claim()).toEqual({ bundles: [] });
  });

  test.each(['evt_1', ' evt_1', 'JOB:evt_1'])(
    'taken from the event (%s) is refused, or every copy of it would pass',
    async (written) => {
      const reference = written.replace('JOB', job);
      expect(errorOf(await claim({ run_reference: reference }))).toEqual({
        type: 'DataError',
        message: expect.stringContaining('“Run reference” must not be the key'),
      });
      expect(errorOf(await at.app.run('lockKey', { ...event(), run_reference: reference })).type).toBe(
        'DataError',
      );
    },
  );
});

describe('what needs a person is told', () => {
  test('a key that failed for good', async () => {
    const token = bundleOf(await claim())['claim_token'];
    await at.app.run('failKey', { claim_token: token, reason: 'card declined', retryable: false });
    expect(errorOf(await claim())).toEqual({
      type: 'DataError',
      message: expect.stringContaining('Reason: card declined.'),
    });
    expect(bundleOf(await claim({ on_duplicate: 'continue' }))).toMatchObject({
      status: 'failed',
      proceed: false,
    });
    expect(errorOf(await claim({ on_duplicate: 'raise' })).type).toBe('DataError');
  });

  test('a key whose attempts are used up', async () => {
    const token = bundleOf(await claim({ max_attempts: 1 }))['claim_token'];
    await at.app.run('failKey', { claim_token: token, reason: 'timeout' });
    expect(errorOf(await claim({ max_attempts: 1 }))).toEqual({
      type: 'DataError',
      message: expect.stringContaining('are used. The last one failed: timeout.'),
    });
  });

  test('a run that died where the choice is Stop and ask me', async () => {
    bundleOf(await claim({ if_run_died: 'block' }));
    at.world.advance(10 * MINUTE);
    expect(errorOf(await claim())).toEqual({
      type: 'DataError',
      message: expect.stringContaining('Nobody knows whether its work was done'),
    });
  });
});
