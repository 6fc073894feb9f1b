import type { Field, OperationId } from '@onceonly/shared';
import { fieldOf, workFields } from './work.ts';

/** An operation, described as a tool for a model. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** When and why to call it. */
  readonly description: string;
  readonly operation: OperationId;
  readonly fields: readonly Field[];
  readonly readOnly: boolean;
  /** What to do next, by the status of the answer; '' for no status. */
  readonly next: Readonly<Record<string, string>>;
  /** What to do after an error, if the error does not say it. */
  readonly afterError: string;
}

const claimToken = fieldOf(
  'completeKey',
  'claim_token',
  'The claim_token that claim gave you for this work.',
);

const FOR_GOOD = 'Do not do the work. Tell the user what the message says.';
const LOST = 'Do not do the work again. Tell the user what the message says.';
const AGAIN = 'To try again, call claim again, and do the work only if proceed is true.';

/** The tools with which an agent does its work once. None of them ever goes on without protection. */
export const tools: readonly Tool[] = [
  {
    name: 'claim',
    title: 'Claim work before doing it',
    description:
      'Call this before a tool call, or any other work, that must not happen twice: a payment, a message, a booking, a record. It says whether to go on (proceed) and, if the work was done before, what came of it (result). It waits up to 20 seconds for another run that is at work.',
    operation: 'claimKey',
    fields: [
      ...workFields,
      fieldOf('claimKey', 'hold_minutes'),
      fieldOf('claimKey', 'remember_days'),
      fieldOf('claimKey', 'if_run_died'),
      fieldOf('claimKey', 'max_attempts'),
    ],
    readOnly: false,
    next: {
      claimed: 'Do the work now, once. Then call complete with this claim_token, or fail if it did not work.',
      completed: 'Do not do the work: it is done. Take result for its answer.',
      in_progress: 'Do not do the work: another run is at it. Call claim again after retry_after_seconds.',
      unconfirmed: 'Do not do the work yet. Call claim again in a few seconds.',
      failed: FOR_GOOD,
      exhausted: FOR_GOOD,
      unresolved: FOR_GOOD,
    },
    afterError: 'Do not do the work: nobody knows whether it was done before.',
  },
  {
    name: 'complete',
    title: 'Mark claimed work as done',
    description:
      'Call this as soon as the claimed work is done, with what came of it: whoever claims the same work later gets that result in place of doing it again.',
    operation: 'completeKey',
    fields: [claimToken, fieldOf('completeKey', 'result'), fieldOf('completeKey', 'reject_empty')],
    readOnly: false,
    next: {
      completed: 'The work is done.',
      failed: AGAIN,
      lease_lost: LOST,
      already_finished: LOST,
      not_found: LOST,
    },
    afterError: 'The work is done, so do not do it again: call complete again with the same claim_token.',
  },
  {
    name: 'fail',
    title: 'Mark claimed work as failed',
    description:
      'Call this when the claimed work did not work, so that it can be tried again at once. Never call it for work that may have been done.',
    operation: 'failKey',
    fields: [
      claimToken,
      fieldOf('failKey', 'reason'),
      fieldOf('failKey', 'retryable'),
      fieldOf('failKey', 'no_effect'),
    ],
    readOnly: false,
    next: { failed: AGAIN, lease_lost: LOST, already_finished: LOST, not_found: LOST },
    afterError: 'Call fail again with the same claim_token.',
  },
  {
    name: 'status',
    title: 'Look what came of work',
    description:
      'Looks what came of work, without claiming it. Not a permission to do it: only claim gives that.',
    operation: 'getKey',
    fields: workFields,
    readOnly: true,
    next: {
      '': 'To do the work, call claim first.',
      in_progress: 'Do not do the work: another run is at it. Call claim to wait for its result.',
      completed: 'Do not do the work: it is done. Take result for its answer.',
      failed: AGAIN,
      exhausted: FOR_GOOD,
      unresolved: FOR_GOOD,
    },
    afterError: 'Do not do the work: nobody knows whether it was done before.',
  },
];
