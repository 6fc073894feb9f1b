import type { Refused } from '../../claims/commands.ts';
import type { ClaimState } from '../../claims/record.ts';
import type { AnswerOf } from '../shared/requests.ts';
import { recordOf } from './record.ts';
import type { Value } from './reply.ts';

/** The commands on single keys. */
export type Command = 'claim' | 'lock' | 'complete' | 'fail' | 'extend' | 'cancel' | 'resolve' | 'read';

type Answers = { readonly [K in Command]: (answer: readonly Value[], now: number) => AnswerOf<K> };

/** What a script's answers to commands, given at `now`, mean. */
export const ANSWERS: Answers = {
  claim: ([outcome, reentrant, usage, record], now) =>
    ({
      outcome,
      ...(outcome === 'acquired' ? { reentrant: reentrant === 1 } : {}),
      record: recordOf(record ?? []),
      now,
      usage,
    }) as AnswerOf<'claim'>,
  lock: ([outcome, ttlSeconds, firstSeenAt, expiresAt], now) =>
    ({ outcome, ttlSeconds, firstSeenAt, expiresAt, now }) as AnswerOf<'lock'>,
  complete: finished,
  fail: finished,
  extend: finished,
  cancel: finished,
  resolve(answer, now) {
    const [outcome, version] = answer;
    if (outcome === 'changed') return { outcome, version: version as number };
    return done(answer, now) ?? { outcome: 'not_found' };
  },
  read([outcome, record], now) {
    if (outcome !== 'done') return { outcome: 'not_found' };
    return { outcome: 'found', record: recordOf(record ?? []), now };
  },
};

function finished(answer: readonly Value[], now: number): AnswerOf<'complete'> {
  return done(answer, now) ?? refused(answer);
}

function done([outcome, record]: readonly Value[], now: number) {
  if (outcome !== 'done') return undefined;
  return { outcome, record: recordOf(record ?? []), now } as const;
}

function refused([outcome, state]: readonly Value[]): Refused {
  return outcome === 'not_found' ? { outcome } : ({ outcome, state: state as ClaimState } as Refused);
}
