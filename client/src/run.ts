import { attempt as orError, isRefused } from '@onceonly/shared/client/items.ts';
import { isUnclear } from '@onceonly/shared/client/send.ts';
import type { JsonObject } from '@onceonly/shared/json.ts';
import { isOnceOnlyError, OnceOnlyError, translated, type OnceOnlyErrorDetails } from './errors.ts';
import { fromResult, notKept, toResult, whyNotJson } from './json.ts';
import { keep, type Kept } from './keep.ts';
import { hadNoEffect, isNotRetried } from './marks.ts';
import type { Asked } from './options.ts';
import type { Lease, Service } from './service.ts';
import type { Time } from './time.ts';
import type { Attempt, OnceOptions, Run, Work } from './types.ts';

/** Done work is worth waiting for: a server that is started anew is back within that. */
const RECORD_WITHIN_MS = 30_000;
const AGAIN_MS = 1_000;

/** One call: claims the key, does the work or finds it done, and records what came of it. */
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
  if ('told' in claimed) return replayed(asked.key, claimed.told);
  const { lease } = claimed;
  const kept = keep(lease, time);
  let made: { readonly value: T; readonly replayed: boolean };
  try {
    made = await make(lease, attemptOf(lease, kept), work, verify);
  } catch (error) {
    await kept.stop();
    await giveUp(lease, error);
    if (!kept.signal.aborted || kept.signal.reason === error) throw error;
    throw lost(lease, { cause: error });
  }
  try {
    return { ...made, ...(await record(lease, kept, time, made.value)) };
  } finally {
    await kept.stop();
  }
}

function attemptOf({ key, idempotencyKey, attempt, fence }: Lease, { signal }: Kept): Attempt {
  return { key, idempotencyKey, signal, attempt, fence };
}

/** What the work comes to, or what `verify` found it to have come to before. */
async function make<T>(lease: Lease, attempt: Attempt, work: Work<T>, verify: OnceOptions<T>['verify']) {
  if (verify !== undefined && attempt.attempt !== 1) {
    const found = await verify(attempt);
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

/** Frees the key for the next attempt, or fails it for good; whatever comes of that, the work's own error is told. */
async function giveUp(lease: Lease, error: unknown): Promise<void> {
  await orError(() =>
    lease.fail({ reason: reasonOf(error), retryable: !isNotRetried(error), noEffect: hadNoEffect(error) }),
  );
}

const reasonOf = (error: unknown): string => {
  const reason = isOnceOnlyError(error) ? error.code : String(error);
  return reason.toWellFormed().replaceAll('\0', '');
};

/** Records the result as long as there is any hope that it is taken. Work that is done never becomes a failure. */
async function record(
  lease: Lease,
  kept: Kept,
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
    if (!isUnclear(error) || time.now() >= until || kept.signal.aborted)
      throw new OnceOnlyError('unconfirmed', '', { ...about(lease), value }, { cause: error });
    await time.sleep(AGAIN_MS);
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
    '',
    { ...about(lease), value },
    cause === undefined ? undefined : { cause },
  );

const about = ({ key, attempt }: Lease): OnceOnlyErrorDetails => ({ key, attempt });

/** What a claim was told that did not get the key: what came of it before, or why there is nothing. */
function replayed<T>(key: string, told: JsonObject): Run<T> {
  const attempt = typeof told['attempt'] === 'number' && told['attempt'] > 0 ? told['attempt'] : null;
  const reason = typeof told['error_code'] === 'string' ? told['error_code'] : undefined;
  const said = reason === undefined ? '' : `Its last attempt failed with “${reason}”.`;
  const refuse = (code: OnceOnlyError['code'], what = '', more: OnceOnlyErrorDetails = {}): OnceOnlyError =>
    new OnceOnlyError(code, what, { key, attempt, ...more });
  switch (told['status']) {
    case 'completed': {
      const doneAt = dateOf(told['done_at']) ?? new Date(NaN);
      const result = fromResult(told['result'], told['result_hash']);
      if (!result.kept) throw refuse('no_result', '', { doneAt });
      return { value: result.value as T, replayed: true, attempt, doneAt };
    }
    case 'failed':
    case 'exhausted':
      throw refuse(told['status'], said, { reason });
    case 'stale':
      throw refuse('failed', 'A newer version of what the key is about was done already.');
    case 'unresolved':
      throw refuse('unresolved');
    case 'unconfirmed':
      throw refuse('no_answer', 'Nobody knows whether the key is held by this attempt or by another.');
    default: {
      const seconds = told['retry_after_sec'];
      throw refuse('in_progress', '', { retryAfter: typeof seconds === 'number' ? seconds : 1 });
    }
  }
}

function dateOf(text: unknown): Date | undefined {
  const at = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}
