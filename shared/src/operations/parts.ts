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
  help: 'What is to happen once, for example "send invoice". Automations with the same job name share their keys: an event is done once among them, on whatever platform. Give other work another name. No colons.',
} as const;

export const keyField = {
  id: 'key',
  label: 'Key',
  type: 'text',
  required: true,
  maxLength: LIMITS.keyCodePoints,
  example: 'evt_1N3T00LkdIwHu7ix',
  help: 'What tells one event from another and stays the same when it is delivered again: an order number, an event ID. Not the time, and nothing that is new on each delivery.',
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
} as const;

export const runReferenceField = {
  id: 'run_reference',
  label: 'Run Reference',
  type: 'text',
  advanced: true,
  // Whatever could be mapped there comes from the event: each copy of it would pass as the first.
  notOn: ['zapier'],
  maxLength: LIMITS.nameCodePoints,
  help: 'Names this run, so that a repeated request of the same run finds its own claim. It must be new for every run and every item: never the key, nor anything taken from the event. Leave it empty if you are not sure.',
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
  help: 'Continue without protection lets the run go on although nobody checked whether it is a duplicate. Choose it only if doing the work twice is better than doing it late.',
} as const;

export const claimTokenField = {
  id: 'claim_token',
  label: 'Claim Token',
  type: 'text',
  maxLength: 4_096,
  help: 'Map the Claim Token of the "Check & Claim Key" step of this run. It begins with claim_.',
} as const;

/** The key as it is sent: the job's name keeps the keys of different work apart. */
export const FULL_KEY: Rule = join(input('job'), ':', input('key'));

/** For how long a claim holds and remembers its key, in seconds. */
export const TIMES = {
  ttl: { times: [input('hold_minutes'), 60] },
  retention: { times: [input('remember_days'), 86_400] },
} as const satisfies Readonly<Record<string, Rule>>;

/** The key between quotation marks, as messages name it: as plain text, since senders choose keys. */
export const NAMED: Rule = join('“', { plain: output('key') }, '”');

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

/** What the key was made of, at the end of a claim's message; nothing where it was entered. */
export const MADE_FROM: Rule = when(
  is(output('key_made_from'), null),
  '',
  join(' The key was made from ', output('key_made_from'), '.'),
);

/** Nobody took the key; since its time was up, another key of its group was at work. */
export const OVERTAKEN: Rule = is(answer('busy'), 'group');

/** What a step that ends or prolongs a claim says when the claim is not its own any more. */
export const lostClaim = (whatFollows: string) => ({
  watched: join(
    'Watch only: this run went on although Check & Claim Key did not give it ',
    NAMED,
    ', so nothing was changed.',
  ),
  lease_lost: when(
    OVERTAKEN,
    join(
      'Too late: this run had lost ',
      NAMED,
      ', and another run of the same One at a Time For has been at work since. ',
      whatFollows,
    ),
    when(
      is(output('state'), 'released'),
      join(NAMED, ' was released before, so this run does not hold it any more. ', whatFollows),
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
    join('Too late: of what ', NAMED, ' is about, a newer version is done already. ', whatFollows),
    join(NAMED, ' is finished already: ', output('state'), '. ', whatFollows),
  ),
  not_found: join(
    'OnceOnly does not know ',
    NAMED,
    ' any more: it was released, or forgotten after its time. ',
    whatFollows,
  ),
});

/** The run goes on after one of the ends, and only then; what follows where the claim was lost; all else is told. */
export const afterFinish = (lost: 'late' | 'lost', ends: Readonly<Record<string, Rule>>): Rule =>
  match(output('status'), { ...ends, watched: 'continue', lease_lost: lost, already_finished: lost }, 'tell');
