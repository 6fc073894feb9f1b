import type { ClaimOutcome, LockOutcome } from '../claims/commands.ts';

/** What a claim was told; `reentrant` where a holder found its own lease, `locked` and `duplicate` of check-lock. */
export const TOLD = [
  'acquired',
  'reentrant',
  'in_progress',
  'completed',
  'failed',
  'unresolved',
  'exhausted',
  'fingerprint_mismatch',
  'locked',
  'duplicate',
] as const satisfies readonly (ClaimOutcome['outcome'] | LockOutcome['outcome'] | 'reentrant')[];

export type Told = (typeof TOLD)[number];

/** A holder that finds its own lease acquires nothing. */
export function toldOf(outcome: ClaimOutcome): Told {
  return outcome.outcome === 'acquired' && outcome.reentrant ? 'reentrant' : outcome.outcome;
}
