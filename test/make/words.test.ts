import { bundleOf, errorOf, useApp } from './harness.ts';

/*
 * Fields and steps are named as Make writes them, and what a user or a sender has entered stays as it is, even where it
 * reads like one of our titles.
 */

const at = useApp();

const claim = (more: Record<string, unknown> = {}) =>
  at.app.run('claimKey', { job: 'Claim Token', key: 'Mark Complete', ...more });

test('a key that reads like a title is shown as it is', async () => {
  const { claim_token, message } = bundleOf(await claim());
  expect(message).toBe('Go on: this run is the first for “Claim Token:Mark Complete”.');
  const { key, ...done } = bundleOf(await at.app.run('completeKey', { claim_token }));
  expect(key).toBe('Claim Token:Mark Complete');
  expect(done['message']).toBe('Done: “Claim Token:Mark Complete”. Later runs of the same event will stop.');
  expect(bundleOf(await claim({ on_duplicate: 'continue' }))['message']).toContain(
    '“Claim Token:Mark Complete”',
  );
});

test('a reason is told as it was given, and the field to change as Make shows it', async () => {
  const { claim_token } = bundleOf(await claim({ key: 'a', max_attempts: 1 }));
  await at.app.run('failKey', { claim_token, reason: 'Done At is missing' });
  const { message } = errorOf(await claim({ key: 'a', max_attempts: 1 }));
  expect(message).toContain('The last one failed: Done At is missing. To run it again, raise Give up after,');
});

test('so are the names in a delivery, before and behind the name of a field', async () => {
  const given = { key_from: 'whole', payload: '{"Error Code":7,"attempt":1}' };
  const made =
    'the whole content. It includes “attempt”: if a resend changes it, name it under Fields to leave out';
  expect(bundleOf(await claim(given))).toMatchObject({ key_made_from: made });
  const within = { ...given, payload: '{"Error Code":{"attempt":1}}' };
  expect(bundleOf(await claim(within))['key_made_from']).toMatch(
    /“Error Code[.·]attempt”.* Fields to leave out$/,
  );
  const chosen = { ...given, key_from: 'fields', fields: ['Done At'] };
  const { message } = errorOf(await claim(chosen));
  expect(message).toContain('Done At');
  expect(message).toMatch(/“Chosen fields” /);
});
