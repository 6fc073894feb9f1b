import { isObject } from '@onceonly/shared/json.ts';
import { invalid } from './options.ts';
import type { Verdict } from './types.ts';

/** `verify` found that an earlier attempt did the work, with this result. */
export const done = <T>(value: T): Verdict<T> => ({ verdict: 'done', value });

/** `verify` found that the work was certainly not done. */
export const notDone: Verdict<never> = { verdict: 'notDone' };

/** `verify` could not find out. The work is not done now, and `unresolved` is thrown. The next attempt calls `verify` again. */
export const unknown: Verdict<never> = { verdict: 'unknown' };

const VERDICTS: readonly unknown[] = ['done', 'notDone', 'unknown'] satisfies Verdict<never>['verdict'][];

/**
 * Checks what `verify` returned: without types, a program may return the charge itself, or true.
 * @throws {OnceOnlyError} `invalid`. Any guess could do the work twice.
 */
export function readVerdict<T>(found: Verdict<T>): Verdict<T> {
  const given: unknown = found;
  if (isObject(given) && VERDICTS.includes(given['verdict'])) return found;
  throw invalid('verify', 'has to return done(value), notDone or unknown.');
}
