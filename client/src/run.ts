import { attempt as orError, isRefused } from '@onceonly/shared/client/items.ts';
import { isUnclear } from '@onceonly/shared/client/send.ts';
import type { JsonObject } from '@onceonly/shared/json.ts';
import {
  isOnceOnlyError,
  OnceOnlyError,
  TAKEN_OVER,
  translated,
  type OnceOnlyErrorDetails,
} from './once-only-error.ts';
import { fromResult, notKept, toResult, whyNotJson } from './result-json.ts';
import { renewLease, type Renewal } from './renew-lease.ts';
import { hadNoEffect, isNotRetried, textOf } from './marks.ts';
import type { Asked } from './options.ts';
import type { Lease, Service } from './service.ts';
import type { Time } from './time.ts';
import type { Attempt, OnceOptions, Run, Work } from './types.ts';
import { readVerdict } from './verdict.ts';

/** How long to try to record finished work: a server that restarts is back within that time. */
const RECORD_WITHIN_MS = 30_000;
const RETRY_MS = 1_000;

/** One call: claims the key, does the work unless it was done before, and records the result. */
export async function runOnce<T>(
  service: Service,
  time: Time,
  asked: Asked,
  work: Work<T>,
  verify: OnceOptions<T>['verify'],
): Promise<Run<T>> {
  const claimed = await service.claim(asked).catch((error: unknown) => {
    throw translated(error, asked.key, isUnclear(error) ? service.latestFailure() : undefined);
  });
  if ('answer' in claimed) return replayed(asked.key, claimed.answer);
  const { lease } = claimed;
  const renewal = renewLease(lease, time);
  let made: { readonly value: T; readonly replayed: boolean };
  try {
    made = await make(lease, attemptOf(lease, renewal), work, verify);
  } catch (error) {
    await renewal.stop();
    await giveUp(lease, error);
    if (!renewal.signal.aborted || renewal.signal.reason === error) throw error;
    throw lost(lease, { cause: error });
  }
  try {
    return { ...made, ...(await record(lease, renewal, time, made.value)) };
  } finally {
    await renewal.stop();
  }
}

function attemptOf({ key, idempotencyKey, attempt, fence }: Lease, { signal }: Renewal): Attempt {
  return { key, idempotencyKey, signal, attempt, fence };
}

/** The result of the work, or the one of an earlier attempt that `verify` found. */
async function make<T>(lease: Lease, attempt: Attempt, work: Work<T>, verify: OnceOptions<T>['verify']) {
  if (verify !== undefined && attempt.attempt !== 1) {
    const found = readVerdict(await verify(attempt));
    switch (found.verdict) {
      case 'done':
        return { value: found.value, replayed: true };
      case 'unknown':
        throw new OnceOnlyError('unresolved', '`verify` could not find out.', about(lease));
      case 'notDone':
        break;
    }
  }
  return { value: await work(attempt), replayed: false };
}

/** Frees the key for the next attempt, or fails it for good. Errors are swallowed, since the caller throws the work's own error. */
async function giveUp(lease: Lease, error: unknown): Promise<void> {
  await orError(() =>
    lease.fail({ reason: reasonOf(error), retryable: !isNotRetried(error), noEffect: hadNoEffect(error) }),
  );
}

function reasonOf(error: unknown): string {
  const reason = isOnceOnlyError(error) ? error.code : textOf(error);
  return reason.toWellFormed().replaceAll('\0', '');
}

/** Tries to record the result until the lease is lost or the time is up. Finished work is never recorded as a failure. */
async function record(
  lease: Lease,
  renewal: Renewal,
  time: Time,
  value: unknown,
): Promise<Pick<Run<never>, 'attempt' | 'doneAt'>> {
  const not = whyNotJson(value === undefined ? null : value);
  const result = not === undefined ? toResult(value) : notKept();
  const until = time.now() + RECORD_WITHIN_MS;
  for (;;) {
    const answer = await orError(() => lease.complete(result));
    if (!isRefused(answer)) {
      if (answer['status'] !== 'completed') throw lost(lease, { value });
      if (not !== undefined) throw notJson(lease, value, not);
      return { attempt: lease.attempt, doneAt: dateOf(answer['done_at']) ?? new Date(time.now()) };
    }
    const { error } = answer;
    if (!isUnclear(error) || time.now() >= until || renewal.signal.aborted)
      throw new OnceOnlyError('unconfirmed', '', { ...about(lease), value }, { cause: error });
    await time.sleep(RETRY_MS);
  }
}

function notJson(
  lease: Lease,
  value: unknown,
  { path, what }: { readonly path: string; readonly what: string },
) {
  return new OnceOnlyError('not_json', `“result${path}” is ${what}.`, { ...about(lease), value });
}

const lost = (lease: Lease, { value, cause }: { readonly value?: unknown; readonly cause?: unknown }) =>
  new OnceOnlyError(
    'lease_lost',
    TAKEN_OVER,
    { ...about(lease), value },
    cause === undefined ? undefined : { cause },
  );

const about = ({ key, attempt }: Lease): OnceOnlyErrorDetails => ({ key, attempt });

/** The result of a claim that did not get the key: that of an earlier attempt. Throws where there is none. */
function replayed<T>(key: string, answer: JsonObject): Run<T> {
  const attempt = typeof answer['attempt'] === 'number' && answer['attempt'] > 0 ? answer['attempt'] : null;
  const reason = typeof answer['error_code'] === 'string' ? answer['error_code'] : undefined;
  const what = reason === undefined ? '' : `Its last attempt failed with “${reason}”.`;
  const refuse = (code: OnceOnlyError['code'], what = '', more: OnceOnlyErrorDetails = {}): OnceOnlyError =>
    new OnceOnlyError(code, what, { key, attempt, ...more });
  switch (answer['status']) {
    case 'completed': {
      const doneAt = dateOf(answer['done_at']) ?? new Date(NaN);
      const result = fromResult(answer['result']);
      if (!result.kept) throw refuse('no_result', '', { doneAt });
      return { value: result.value as T, replayed: true, attempt, doneAt };
    }
    case 'failed':
    case 'exhausted':
      throw refuse(answer['status'], what, { reason });
    case 'stale':
      throw refuse('failed', 'A newer version of what the key is about was done already.');
    case 'unresolved':
      throw refuse('unresolved');
    case 'unconfirmed':
      throw refuse('no_answer', 'Nobody knows whether the key is held by this attempt or by another.');
    default: {
      const seconds = answer['retry_after_sec'];
      throw refuse('in_progress', '', { retryAfter: typeof seconds === 'number' ? seconds : 1 });
    }
  }
}

function dateOf(text: unknown): Date | undefined {
  const at = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}
