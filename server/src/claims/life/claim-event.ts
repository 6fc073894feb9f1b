import type { Claim, ClaimAnswer } from '../commands.ts';
import type { EventType } from '../events.ts';
import type { ClaimRecord } from '../record.ts';

/** What is told of a claim that found `before` and was answered so; undefined: nothing. */
export function claimEvent(
  claim: Pick<Claim, 'triesAgain'>,
  answer: ClaimAnswer,
  before: ClaimRecord | undefined,
): EventType | undefined {
  switch (answer.outcome) {
    case 'acquired':
      if (answer.reentrant) return undefined;
      // A record that was forgotten in progress starts anew: its attempt is the first again.
      return before?.state === 'in_progress' && answer.record.attempt > 1 ? 'taken_over' : 'claimed';
    case 'unresolved':
      return asksAPerson(before) ? 'unresolved' : 'duplicate';
    case 'exhausted':
      return 'exhausted';
    case 'in_progress':
      return claim.triesAgain === true ? undefined : 'duplicate';
    case 'completed':
    case 'failed':
      return 'duplicate';
    case 'fingerprint_mismatch':
      return undefined;
  }
}

/**
 * Whether it is this claim that made a person have to decide: by its own `block`, after the death was told as one that
 * the next run takes over. Otherwise whoever tells of the death tells of this as well.
 */
const asksAPerson = (before: ClaimRecord | undefined): boolean =>
  before?.onExpired === 'retry' && before.deathTold;
