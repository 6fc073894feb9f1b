import { createHash } from 'node:crypto';
import { bundleOf, useApp } from './harness.ts';

/** "Test only" lets a scenario be tried out, and claims nothing. */

const at = useApp();

let count = 0;
/** Of the event that a test is about, as the service knows it. */
let key = '';
beforeEach(() => {
  count += 1;
  key = `test-only-${String(count)}:evt_1`;
});

const event = () => ({ job: `test-only-${String(count)}`, key: 'evt_1', hold_minutes: 10 });
const claim = (more: Record<string, unknown> = {}) => at.app.run('claimKey', { ...event(), ...more });

test('claims nothing, and shows the shape of a live run and what it would meet', async () => {
  const tested = bundleOf(await claim({ test_only: true }));
  const live = bundleOf(await claim());
  expect(Object.keys(tested)).toEqual(Object.keys(live));
  expect(tested).toMatchObject({
    status: 'claimed',
    proceed: true,
    claim_token: expect.stringMatching(`^test_[0-9a-f-]{36}\\|${key}$`),
    attempt: 1,
    message: 'Test only: nothing was claimed. A live run would be the first.',
  });
  const hash = createHash('sha256').update(key).digest('hex');
  expect(tested['idempotency_key']).toBe(
    [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join(
      '-',
    ),
  );
  expect(bundleOf(await at.app.run('lockKey', { ...event(), test_only: true }))).toMatchObject({
    proceed: true,
  });
});

test.each(['completeKey', 'failKey', 'extendClaim', 'releaseKey'])(
  '%s with its token changes nothing',
  async (id) => {
    const { claim_token } = bundleOf(await claim({ test_only: true }));
    const { claim_token: live } = bundleOf(await claim());
    expect(bundleOf(await at.app.run(id, { claim_token }))).toMatchObject({
      key,
      message: 'Test only: nothing was sent, and nothing changed.',
    });
    expect(bundleOf(await at.app.run('completeKey', { claim_token: live }))).toMatchObject({
      completed: true,
    });
  },
);
