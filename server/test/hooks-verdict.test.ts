import { ATTEMPTS, verdictOf } from '../src/hooks/verdict.ts';

const DAY_MS = 86_400_000;

test.each([200, 202, 204, 299])('HTTP %i is delivered', (statusCode) => {
  expect(verdictOf({ statusCode }, 1, Math.random)).toEqual({ outcome: 'delivered', statusCode });
});

test.each([199, 301, 302, 307, 400, 404, 429, 500, 503])('HTTP %i is tried again', (statusCode) => {
  expect(verdictOf({ statusCode }, 1, () => 0)).toMatchObject({
    ...{ outcome: 'retry', afterMs: 5_000, statusCode },
    error: expect.stringContaining(`HTTP ${String(statusCode)}`) as string,
  });
});

test('a redirect says that it is not followed', () => {
  expect(verdictOf({ statusCode: 307 }, 1, () => 0)).toMatchObject({
    error: 'The receiver answered HTTP 307; redirects are not followed.',
  });
});

test('HTTP 410 disables at once', () => {
  expect(verdictOf({ statusCode: 410 }, 1, () => 0)).toEqual({
    ...{ outcome: 'disable', reason: 'The receiver said that it is gone for good (HTTP 410).' },
    ...{ statusCode: 410, error: 'The receiver answered HTTP 410.' },
  });
});

test('it is tried for a day, ever more seldom, and not together with others', () => {
  for (const [random, longest] of [
    [0, DAY_MS + 1_800_000],
    [1, 1.25 * (DAY_MS + 1_800_000)],
  ] as const) {
    let passedMs = 0;
    let lastMs = 0;
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      const verdict = verdictOf({ error: 'No.' }, attempt, () => random);
      if (verdict.outcome !== 'retry') throw new Error(`given up after ${String(attempt)}`);
      expect(verdict.afterMs).toBeGreaterThanOrEqual(lastMs);
      lastMs = verdict.afterMs;
      passedMs += lastMs;
    }
    expect(passedMs).toBeGreaterThanOrEqual(DAY_MS);
    expect(passedMs).toBeLessThanOrEqual(longest);
  }
  expect(verdictOf({ error: 'Nothing listens at the URL.' }, ATTEMPTS, () => 0)).toEqual({
    outcome: 'disable',
    reason: `An event could not be delivered for a day, in ${String(ATTEMPTS)} attempts. The last one: Nothing listens at the URL.`,
    statusCode: null,
    error: 'Nothing listens at the URL.',
  });
});
