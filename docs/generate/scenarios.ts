import type { Json, OperationId } from '@onceonly/shared';

/** An answer of the service, and what a person does about what is said of it. */
export interface Scenario {
  readonly answer: Readonly<Record<string, Json>>;
  /** What was entered besides a job and a key, or a claim token. */
  readonly entered?: Readonly<Record<string, Json>>;
  readonly todo: string;
}

const AT = '2026-11-29T08:12:29.426Z';
const NOTHING = 'Nothing.';
const LOOK = 'Check whether the work was done twice.';
const busy = { busy: 'group', busy_key: 'orders:1041' };
const derived = {
  made_from: 'the whole content',
  source: 'generic',
  warning: null,
  signature_checked: false,
};

/** What ends or prolongs a claim, and finds that it is not its own any more. */
const lost = (todo: string): readonly Scenario[] => [
  { answer: { status: 'lease_lost', state: 'in_progress' }, todo },
  { answer: { status: 'lease_lost', state: 'in_progress', ...busy }, todo },
  { answer: { status: 'lease_lost', state: 'released' }, todo },
  { answer: { status: 'already_finished', state: 'completed' }, todo },
  { answer: { status: 'already_finished', state: 'stale' }, todo },
  { answer: { status: 'not_found' }, todo },
  { answer: { status: 'watched' }, todo: NOTHING },
];

const OTHERS: Scenario = { answer: { status: 'other' }, todo: 'Update the app.' };

/** All that each step may say. */
export const SCENARIOS: Readonly<Record<OperationId, readonly Scenario[]>> = {
  claimKey: [
    { answer: { status: 'acquired', attempt: 1 }, todo: NOTHING },
    { answer: { status: 'acquired', attempt: 2 }, todo: NOTHING },
    {
      answer: { status: 'acquired', attempt: 1, ttl: 600 },
      todo: 'Take a larger plan, or a server of your own.',
    },
    { answer: { status: 'acquired', ...derived, detected: true }, todo: 'Check what makes the key.' },
    {
      answer: { status: 'acquired', ...derived, source: 'stripe', made_from: '“id”', detected: true },
      todo: NOTHING,
    },
    { answer: { status: 'acquired', ...derived, detected: false }, todo: NOTHING },
    {
      answer: { status: 'completed', done_at: AT },
      todo: 'Nothing. To run it again, click “Run it again” at the key in the dashboard, or use another key.',
    },
    {
      answer: { status: 'completed', done_at: AT },
      entered: { on_duplicate: 'continue' },
      todo: 'Branch on Proceed.',
    },
    { answer: { status: 'completed', done_at: AT }, entered: { on_duplicate: 'watch' }, todo: NOTHING },
    { answer: { status: 'in_progress' }, todo: 'Nothing. If the first run dies, a later run takes over.' },
    { answer: { status: 'in_progress', ...busy }, todo: NOTHING },
    { answer: { status: 'in_progress', ...busy }, entered: { on_duplicate: 'watch' }, todo: NOTHING },
    { answer: { status: 'in_progress', ...busy, same_run: true }, todo: 'Use a loop of one item at a time.' },
    { answer: { status: 'stale', newest: AT }, todo: NOTHING },
    {
      answer: { status: 'failed', error_code: 'card declined', done_at: AT },
      todo: 'Click “Run it again” at the key in the dashboard, or use another key.',
    },
    {
      answer: { status: 'exhausted' },
      todo: 'Raise Give Up After, or click “Run it again” at the key in the dashboard.',
    },
    { answer: { status: 'unresolved', first_seen_at: AT }, todo: 'Check, then decide about the key.' },
    {
      answer: { status: 'unresolved', first_seen_at: AT, ...busy },
      todo: 'Check, then decide about that key.',
    },
    { answer: { status: 'unconfirmed' }, todo: 'Try again later.' },
    { answer: { status: 'unprotected' }, todo: LOOK },
    {
      answer: { status: 'not_checked', problem: 'OnceOnly is not available right now.' },
      entered: { on_duplicate: 'watch' },
      todo: NOTHING,
    },
    OTHERS,
  ],
  completeKey: [
    { answer: { status: 'completed' }, todo: NOTHING },
    {
      answer: { status: 'failed', error_code: 'empty_output' },
      todo: 'Send the event again, or wait for its next run.',
    },
    {
      answer: { status: 'failed', error_code: 'empty_output', reasoning_tokens: 900 },
      todo: 'Give the model more tokens.',
    },
    { answer: { status: 'failed', error_code: 'timeout' }, todo: LOOK },
    ...lost(LOOK),
    OTHERS,
  ],
  failKey: [
    { answer: { status: 'failed' }, todo: NOTHING },
    { answer: { status: 'failed' }, entered: { retryable: false }, todo: NOTHING },
    { answer: { status: 'failed', count: 2 }, entered: { claim_token: null, run: 'run-7' }, todo: NOTHING },
    ...lost(NOTHING),
    OTHERS,
  ],
  extendClaim: [
    { answer: { status: 'extended', ttl: 3_600 }, todo: NOTHING },
    {
      answer: { status: 'extended', ttl: 600 },
      entered: { hold_minutes: 60 },
      todo: 'Take a larger plan, or a server of your own.',
    },
    ...lost('Where no other run has done the work: send the event again.'),
    {
      answer: { status: 'already_finished', state: 'failed' },
      todo: 'Send the event again, if the work is to be done.',
    },
    OTHERS,
  ],
  releaseKey: [{ answer: { status: 'cancelled' }, todo: NOTHING }, ...lost(NOTHING), OTHERS],
  getKey: [
    { answer: { status: 'not_found' }, todo: NOTHING },
    { answer: { status: 'in_progress' }, todo: NOTHING },
    { answer: { status: 'completed', done_at: AT }, todo: NOTHING },
    { answer: { status: 'failed', error_code: 'card declined', done_at: AT }, todo: NOTHING },
    {
      answer: { status: 'failed', exhausted: true },
      todo: 'To run it again, click “Run it again” at the key in the dashboard.',
    },
    { answer: { status: 'in_progress', unresolved: true }, todo: 'Check, then decide about the key.' },
    OTHERS,
  ],
  lockKey: [
    { answer: { status: 'locked' }, todo: NOTHING },
    { answer: { status: 'locked', ttl: 600 }, todo: 'Take a larger plan, or a server of your own.' },
    {
      answer: { status: 'duplicate', first_seen_at: AT },
      todo: 'Nothing. To run it again, use another key.',
    },
    { answer: { status: 'unconfirmed' }, todo: 'Try again later.' },
    { answer: { status: 'unprotected' }, todo: LOOK },
    OTHERS,
  ],
};
