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
  // Whatever could be mapped there comes from the event: each copy of it would pass as the first.
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
  // Make turns no failed request into an answer: there, an error handler on the module does it.
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

/** The key as it is sent: the job's name keeps the keys of different work apart. */
export const FULL_KEY: Rule = join(input('job'), ':', input('key'));

/** For how long a claim holds and remembers its key, in seconds. */
export const TIMES = {
  ttl: { times: [input('hold_minutes'), 60] },
  retention: { times: [input('remember_days'), 86_400] },
} as const satisfies Readonly<Record<string, Rule>>;

/** The key as messages name it: “orders:1042”, or “this event” where content made it. */
export const NAMED: Rule = { named: output('key') };

/** Whether this run may go on with the key: what a claim says after its status. */
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

/** The instant, where it is known: “ on 29 Nov, 08:12 UTC”. */
export const on = (at: Rule): Rule => when(is(at, null), '', join(' on ', { time: at }));

/** Why the work of a key failed. */
export const REASON: Rule = first(answer('error_code'), 'no reason given');

/** What a message ends with where the run ends here, so that a platform can say it otherwise. */
export const STOPPED = ' This run stopped.';

/** What this run does that is not the first, as the step is set; a run that only watches says it in front. */
export const ends = (what: Rule): Rule =>
  match(what, { stop: STOPPED, continue: ' This run goes on, with Proceed set to false.' }, '');

/** Said of a run that goes on although nobody checked. */
export const UNPROTECTED =
  'OnceOnly could not be reached. This run goes on without protection, as this step is set: ';

/** Where the key may be claimed again only after a person released it. */
export const RELEASE = 'release the key on your OnceOnly server';

/** Nobody took the key; since its time was up, another key of its group was at work. */
export const OVERTAKEN: Rule = is(answer('busy'), 'group');

/** What a step that ends or prolongs a claim says when the claim is not its own any more. */
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
    ' any more: it was released, or is forgotten after its time. ',
    whatFollows,
  ),
});

/** The run goes on after one of the ends, and only then; what follows where the claim was lost; all else is told. */
export const afterFinish = (lost: 'late' | 'lost', ends: Readonly<Record<string, Rule>>): Rule =>
  match(output('status'), { ...ends, watched: 'continue', lease_lost: lost, already_finished: lost }, 'tell');
