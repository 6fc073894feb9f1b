import { LIMITS } from '../limits.ts';
import { answer, first, input, is, join, match, output, type Rule, when } from '../rules.ts';

/** Fields, outputs and rules that several operations share. */

export const jobField = {
  id: 'job',
  label: 'Job Name',
  type: 'text',
  required: true,
  maxLength: 128,
  example: 'orders',
  help: 'What should happen once, such as “send invoice”. Automations with the same name share their keys, on every platform; a colon is not allowed.',
} as const;

export const keyField = {
  id: 'key',
  label: 'Key',
  type: 'text',
  required: true,
  maxLength: LIMITS.keyCodePoints,
  example: 'evt_1N3T00LkdIwHu7ix',
  help: "The event's own number, such as an order number or event ID. Test: would a resend carry the same value? Never a time.",
} as const;

export const onDuplicateField = {
  id: 'on_duplicate',
  label: 'When It Is a Duplicate',
  type: 'choice',
  default: 'stop',
  choices: [
    { value: 'stop', label: 'Stop here' },
    { value: 'continue', label: 'Continue, with Proceed set to false' },
  ],
  help: 'Stop here ends the run quietly once the work is known to be done. Continue goes on with Proceed set to false, so that you can branch on it.',
  guide: 'fields.md#when-it-is-a-duplicate',
} as const;

export const runReferenceField = {
  id: 'run_reference',
  label: 'Run Reference',
  type: 'text',
  advanced: true,
  // On Zapier, only values of the event can be mapped here, and each delivery of it would then pass as the first run.
  notOn: ['zapier'],
  maxLength: LIMITS.nameCodePoints,
  help: 'Names this run, so that a repeated request finds its own claim. It is new for every run and item; never the key, nor anything taken from the event.',
  guide: 'fields.md#run-reference',
} as const;

export const whenUnreachableField = {
  id: 'when_unreachable',
  label: 'When OnceOnly Cannot Be Reached',
  type: 'choice',
  advanced: true,
  // Make cannot turn a failed request into an answer. Users add an error handler to the module instead.
  notOn: ['make'],
  default: 'retry_later',
  choices: [
    { value: 'retry_later', label: 'Try again later' },
    { value: 'continue', label: 'Continue without protection' },
  ],
  help: 'Continue without protection lets the run go on although nobody checked for a duplicate. Choose it only if doing the work twice is better than doing it late.',
} as const;

export const claimTokenField = {
  id: 'claim_token',
  label: 'Claim Token',
  type: 'text',
  maxLength: 4_096,
  help: 'Map the Claim Token of “Check & Claim Key” in this same run. It begins with claim_.',
} as const;

/** The key as it is sent. The job keeps the keys of different work apart. */
export const FULL_KEY: Rule = join(input('job'), ':', input('key'));

/** How long a claim holds its key and remembers it, in seconds. */
export const TIMES = {
  ttl: { times: [input('hold_minutes'), 60] },
  retention: { times: [input('remember_days'), 86_400] },
} as const satisfies Readonly<Record<string, Rule>>;

/** The key as messages name it: “orders:1042”, or “this event” if it was made from content. */
export const NAMED: Rule = { named: output('key') };

/** The outputs after the status: whether the run may go on, and what the key is. */
export const mayGoOn = [
  {
    id: 'proceed',
    label: 'Proceed',
    type: 'boolean',
    from: is(output('status'), 'claimed', 'unprotected'),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    type: 'boolean',
    from: match(
      output('status'),
      { claimed: false, stale: false, unprotected: null, unconfirmed: null, not_checked: null },
      when(is(answer('busy'), 'group'), false, true),
    ),
  },
  { id: 'key', label: 'Key', type: 'text', from: first(answer('key'), FULL_KEY) },
  { id: 'source', label: 'Recognised Source', type: 'text', from: answer('source') },
  {
    id: 'key_made_from',
    label: 'Key Made From',
    type: 'text',
    from: when(
      is(answer('made_from'), null),
      null,
      join(answer('made_from'), when(is(answer('warning'), null), '', join('. ', answer('warning')))),
    ),
  },
  {
    id: 'signature_checked',
    label: 'Signature Checked',
    type: 'boolean',
    from: answer('signature_checked'),
  },
] as const;

/** A time, if it is known: “ on 29 Nov, 08:12 UTC”. */
export const on = (at: Rule): Rule => when(is(at, null), '', join(' on ', { time: at }));

/** Why the work of a key failed. */
export const REASON: Rule = first(answer('error_code'), 'no reason given');

/** The end of the message of a run that stops here. It is exported so that a platform can replace it. */
export const STOPPED = ' This run stopped.';

/** The end of the message of a duplicate: what this run does, by the step's settings. Empty for a run that only watches. */
export const ends = (what: Rule): Rule =>
  match(what, { stop: STOPPED, continue: ' This run goes on, with Proceed set to false.' }, '');

/** The start of the message of a run that goes on unchecked. */
export const UNPROTECTED =
  'OnceOnly could not be reached. This run goes on without protection, as this step is set: ';

/** What a person can do so that the key may be claimed again. */
export const RELEASE = 'open the key in the dashboard of your OnceOnly server and click “Run it again”';

/** Nobody took the key itself, but another key of its group was at work after the lease had ended. */
export const OVERTAKEN: Rule = is(answer('busy'), 'group');

/** The messages of a step that ends or extends a claim, if the run no longer has the claim. */
export const lostClaim = (whatFollows: string) => ({
  watched: join(
    'Watch only: this run went on, although Check & Claim Key did not give it ',
    NAMED,
    '. Nothing was changed.',
  ),
  lease_lost: when(
    OVERTAKEN,
    join(
      'Too late: this run lost ',
      NAMED,
      '. Another run with the same One at a Time For has worked since. ',
      whatFollows,
    ),
    when(
      is(output('state'), 'released'),
      join('Too late: ', NAMED, ' was released before. ', whatFollows),
      join(
        'Too late: another run has taken over ',
        NAMED,
        ', or a person has decided about it. ',
        whatFollows,
      ),
    ),
  ),
  already_finished: when(
    is(output('state'), 'stale'),
    join('Too late: a newer version than ', NAMED, ' is already done. ', whatFollows),
    join('Too late: ', NAMED, ' is already finished, as ', output('state'), '. ', whatFollows),
  ),
  not_found: join(
    'OnceOnly has no record of ',
    NAMED,
    ' here: it was released, or is forgotten, or this step has another connection than Check & Claim Key. ',
    whatFollows,
  ),
});

/** What follows after a step that ends a claim: `ends` for the expected statuses, `lost` for a lost claim, and `tell` for all others. */
export const afterFinish = (lost: 'late' | 'lost', ends: Readonly<Record<string, Rule>>): Rule =>
  match(output('status'), { ...ends, watched: 'continue', lease_lost: lost, already_finished: lost }, 'tell');
