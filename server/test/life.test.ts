import { claimKey } from '../src/claims/life.ts';
import {
  exhausted,
  forgetAt,
  isExpired,
  isForgotten,
  unresolved,
  type ClaimRecord,
} from '../src/claims/record.ts';
import { claimOf, DAY_MS, HOUR_MS, NOON, recordOf as shown } from './store/fixture.ts';

function recordOf(fields: Partial<ClaimRecord> = {}): ClaimRecord {
  const moment = { now: NOON, leaseId: () => 'lease', fence: () => 1 };
  return { ...shown(claimKey(undefined, claimOf('k'), moment).answer), ...fields };
}

const done = { doneAt: NOON + 1_000 } as const;
const expiresAt = NOON + HOUR_MS;

describe('a record', () => {
  it.each([
    ['in progress', {}, expiresAt + 7 * DAY_MS],
    ['in progress, block', { onExpired: 'block' }, expiresAt + 400 * DAY_MS],
    ['completed', { state: 'completed', ...done }, NOON + 1_000 + 7 * DAY_MS],
    ['completed, block', { state: 'completed', onExpired: 'block', ...done }, NOON + 1_000 + 7 * DAY_MS],
    ['failed', { state: 'failed', retentionSeconds: 60, ...done }, NOON + 61_000],
    ['released', { state: 'released', retentionSeconds: 60, ...done }, NOON + 61_000],
  ] as const)('is forgotten at its instant: %s', (_, fields, instant) => {
    const record = recordOf(fields);
    expect(forgetAt(record)).toBe(instant);
    expect(isForgotten(record, instant - 1)).toBe(false);
    expect(isForgotten(record, instant)).toBe(true);
  });

  it('is expired at its instant', () => {
    expect(isExpired(recordOf(), expiresAt - 1)).toBe(false);
    expect(isExpired(recordOf(), expiresAt)).toBe(true);
  });

  it.each([
    ['live', { maxAttempts: 1 }, NOON, false],
    ['expired', { maxAttempts: 1 }, expiresAt, true],
    ['expired, attempts left', { maxAttempts: 2 }, expiresAt, false],
    ['expired, block', { maxAttempts: 1, onExpired: 'block' }, expiresAt, false],
    ['failed, to be tried again', { maxAttempts: 1, state: 'failed', retryable: true, ...done }, NOON, true],
    ['failed for good', { maxAttempts: 1, state: 'failed', retryable: false, ...done }, NOON, false],
    ['completed', { maxAttempts: 1, state: 'completed', ...done }, NOON, false],
    ['claimed again after a release', { maxAttempts: 1, attempt: 4, attemptsReleased: 3 }, expiresAt, true],
    ['without a limit', { attempt: 999 }, expiresAt, false],
  ] as const)('is exhausted where only its attempts are in the way: %s', (_, fields, now, expected) => {
    expect(exhausted(recordOf(fields), now)).toBe(expected);
  });

  it.each([
    ['live', { onExpired: 'block' }, expiresAt - 1, false],
    ['expired', { onExpired: 'block' }, expiresAt, true],
    ['expired, retry', {}, expiresAt, false],
    ['finished', { onExpired: 'block', state: 'completed', ...done }, expiresAt, false],
  ] as const)('is unresolved where a run died under block: %s', (_, fields, now, expected) => {
    expect(unresolved(recordOf(fields), now)).toBe(expected);
  });
});
