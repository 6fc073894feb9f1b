import type { Verdict } from './types.ts';

/** `verify` found that an earlier attempt did the work, with this result. */
export const done = <T>(value: T): Verdict<T> => ({ verdict: 'done', value });

/** `verify` found that the work was certainly not done. */
export const notDone: Verdict<never> = { verdict: 'notDone' };

/** `verify` could not find out. The work is not done now, and `unresolved` is thrown. The next attempt calls `verify` again. */
export const unknown: Verdict<never> = { verdict: 'unknown' };
