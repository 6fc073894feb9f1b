import { LIMITS } from '../limits.ts';
import { answer, client, first, input, is, join, match, output, type Rule, when } from '../rules.ts';
import { SEQUENCE_FORMS } from '../sequence.ts';
import { TOKEN, WATCHED_TOKEN } from '../token.ts';
import { deliveryFields, KEY_OR_DELIVERY, keyFromFields } from './key-from.ts';
import { defineOperation } from './operation.ts';
import {
  jobField,
  MADE_FROM,
  mayGoOn,
  NAMED,
  onDuplicateField,
  runReferenceField,
  whenUnreachableField,
} from './parts.ts';

const OTHER: Rule = { plain: answer('busy_key') };

/** How a message begins of a run that went on since its step only watches. */
export const WENT_ON = 'Watch only: this run went on, and would not have.';

const WATCHES = is(input('on_duplicate'), 'watch');

/** What a run that does not only watch goes on after. */
const GOES_ON = is(output('status'), 'claimed', 'unprotected');

/** Another key of the group is at work, or waits for a person: that is no duplicate, and never stops a run. */
const BUSY = is(answer('busy'), 'group');

/** It is not this key's turn yet: its run waits, and is not stopped. */
const WAITS: Rule = { all: [BUSY, is(output('status'), 'in_progress')] };

/** The same, of the outputs. */
const IS_BUSY: Rule = { not: is(output('waits_for'), null) };

/** What was chosen in the field that everybody sees counts, unless the other one says more. */
const IN_PROGRESS: Rule = match(
  input('while_in_progress'),
  { continue: 'continue', always_retry: 'retry_later' },
  when(is(input('on_duplicate'), 'continue'), 'continue', input('while_in_progress')),
);

/** The first step: whoever claims the key first goes on, every other run of the same event is stopped here. */
export const claimKey = defineOperation({
  id: 'claimKey',
  label: 'Check & Claim Key',
  description: 'Claims a key for this run, so that every other run of the same event stops here.',
  kind: 'action',
  fields: [
    jobField,
    ...keyFromFields,
    {
      ...onDuplicateField,
      choices: [
        ...onDuplicateField.choices,
        {
          value: 'watch',
          label: 'Watch only: continue, and count what would have been stopped',
          needs: 'watch',
        },
      ],
      help: `${onDuplicateField.help} Watch only stops nothing here, whatever comes: try it on live automations, and see on your dashboard what would have been stopped. Extend Claim still stops a run whose claim was lost.`,
    },
    {
      id: 'group',
      label: 'One at a Time For',
      type: 'text',
      advanced: true,
      maxLength: LIMITS.keyCodePoints,
      example: 'customer-17',
      needs: 'groups',
      help: 'What must not be worked on by two runs at the same time, such as a customer. While another run that names the same is at work, this one waits for its turn, and is then tried again later; it is never stopped for that. It counts among all automations, and only for runs that name it; together with a version, only under the same Job Name.',
    },
    {
      id: 'sequence',
      label: 'Version or Change Time (Newer Wins)',
      type: 'text',
      advanced: true,
      maxLength: 64,
      example: '2026-11-29T08:12:29Z',
      needs: 'groups',
      help: `What grows with every change of a record, ${SEQUENCE_FORMS}. Key is then the ID of the record, and the trigger must hand over the whole record, not only what changed; where Key is that of an event, One at a Time For is the ID of the record, and never anything larger such as a customer: a newer change of one record would stop an older one of another. Each change is done once, one at a time, and a change that is older than one that was completed under the same Job Name stops here. If the newest run dies after its write and never comes again, an older one may still write last: Stop and ask me prevents that.`,
    },
    {
      id: 'wait_minutes',
      label: 'Wait for Its Turn (Minutes)',
      type: 'number',
      advanced: true,
      // They end a step after less than a minute, and try it again later by themselves.
      notOn: ['zapier', 'make'],
      min: 0,
      max: 60,
      default: 0,
      defaultOn: { n8n: 5 },
      help: 'With One at a Time For or a version: how long this run waits while another one is at work. After that it fails, and says so.',
    },
    {
      id: 'while_in_progress',
      label: 'While Another Run Is at Work',
      type: 'choice',
      advanced: true,
      default: 'stop',
      defaultOn: { zapier: 'retry_later' },
      choices: [
        { value: 'retry_later', label: 'Try again later; with Continue above, continue' },
        { value: 'stop', label: 'Stop here; with Continue above, continue' },
        { value: 'continue', label: 'Continue, with Proceed set to false' },
        { value: 'always_retry', label: 'Try again later, also with Continue above' },
      ],
      help: 'What to do when the first run of the event has not finished yet, after up to 20 seconds of waiting. Try again later loses nothing: should the first run die, this one takes over.',
    },
    {
      id: 'hold_minutes',
      label: 'Hold For (Minutes)',
      type: 'number',
      advanced: true,
      min: 0.1,
      max: LIMITS.ttlSeconds.max / 60,
      default: 60,
      // Zapier replays a failed step up to 10.6 hours later, and only that step: its claim must still be held then.
      defaultOn: { zapier: 720 },
      help: 'How long the key stays claimed if this run never reports an end. Longer than your longest run, with every delay, hold and replay in it: after that, another run of the event takes over, and both do the work. Where a run waits longer, put Extend Claim behind the wait: it stops a run whose claim was lost.',
    },
    {
      id: 'remember_days',
      label: 'Remember For (Days)',
      type: 'number',
      advanced: true,
      min: 0.01,
      max: LIMITS.retentionSeconds.max / 86_400,
      default: LIMITS.retentionSeconds.default / 86_400,
      needs: 'retention',
      help: 'How long a finished key is remembered, and a further delivery of the event stopped. A delivery after that counts as a new event: make it longer than the sender may go on sending.',
    },
    {
      id: 'if_run_died',
      label: 'If an Earlier Run Died',
      type: 'choice',
      advanced: true,
      default: 'retry',
      choices: [
        { value: 'retry', label: 'Try again: this run takes over' },
        { value: 'block', label: 'Stop and ask me' },
      ],
      needs: 'on_expired',
      help: 'A run that died may have done its work or not. Try again does it at least once; Stop and ask me does it at most once, and you decide what came of it.',
    },
    {
      id: 'max_attempts',
      label: 'Give Up After (Attempts)',
      type: 'number',
      whole: true,
      advanced: true,
      min: LIMITS.maxAttempts.min,
      max: LIMITS.maxAttempts.max,
      example: 5,
      needs: 'max_attempts',
      help: 'After so many attempts the key is given up and you are told, so that work that always fails is not paid for again and again. Empty: no limit.',
    },
    {
      id: 'fingerprint',
      label: 'Fingerprint',
      type: 'text',
      advanced: true,
      maxLength: LIMITS.nameCodePoints,
      notOn: ['zapier', 'make'],
      needs: 'fingerprint',
      help: 'A short text that is the same for the same content, such as a hash. A claim of the same key with another fingerprint is refused as a mistake.',
    },
    {
      id: 'metadata',
      label: 'Metadata',
      type: 'json',
      advanced: true,
      notOn: ['zapier', 'make'],
      help: 'An object of up to 2,048 bytes that is kept with the key, for the people who look at it later.',
    },
    ...deliveryFields,
    runReferenceField,
    whenUnreachableField,
  ],
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/lease',
      send: {
        ...KEY_OR_DELIVERY,
        ttl: { times: [input('hold_minutes'), 60] },
        retention: { times: [input('remember_days'), 86_400] },
        on_expired: input('if_run_died'),
        max_attempts: input('max_attempts'),
        fingerprint: input('fingerprint'),
        group: input('group'),
        sequence: input('sequence'),
        metadata: input('metadata'),
        holder: first(input('run_reference'), client('holder')),
        run: first(client('run'), input('run_reference')),
        wait: client('wait'),
        tries_again: when(WATCHES, null, when(is(IN_PROGRESS, 'retry_later'), true, null)),
        watch: when(WATCHES, true, null),
      },
    },
  ],
  outputs: [
    {
      id: 'status',
      label: 'Status',
      type: 'text',
      from: match(
        answer('status'),
        { acquired: 'claimed', previewed: 'claimed', polling: 'in_progress' },
        answer('status'),
      ),
    },
    ...mayGoOn.map((each) =>
      each.id === 'proceed' ? { ...each, from: when(WATCHES, true, each.from) } : each,
    ),
    {
      id: 'would_have_stopped',
      label: 'Would Have Stopped',
      type: 'boolean',
      from: { all: [WATCHES, { not: GOES_ON }, { not: WAITS }] },
    },
    {
      id: 'claim_token',
      label: 'Claim Token',
      type: 'text',
      from: when(GOES_ON, TOKEN, when(WATCHES, WATCHED_TOKEN, null)),
    },
    {
      id: 'idempotency_key',
      label: 'Idempotency Key',
      type: 'text',
      from: first(answer('idempotency_key'), { uuid: output('key') }),
    },
    { id: 'attempt', label: 'Attempt', type: 'integer', from: answer('attempt') },
    { id: 'reentrant', label: 'Claimed by This Run Before', type: 'boolean', from: answer('reentrant') },
    { id: 'first_seen_at', label: 'First Seen At', type: 'date', from: answer('first_seen_at') },
    { id: 'expires_at', label: 'Held Until', type: 'date', from: answer('expires_at') },
    { id: 'hold_seconds', label: 'Held For (Seconds)', type: 'integer', from: answer('ttl') },
    { id: 'done_at', label: 'Done At', type: 'date', from: answer('done_at') },
    { id: 'result', label: 'Result', type: 'json', from: { unwrap: answer('result') } },
    { id: 'error_code', label: 'Error Code', type: 'text', from: answer('error_code') },
    {
      id: 'retry_after_seconds',
      label: 'Try Again After (Seconds)',
      type: 'integer',
      from: answer('retry_after_sec'),
    },
    { id: 'waits_for', label: 'Waits for Key', type: 'text', from: answer('busy_key') },
    { id: 'newest_version', label: 'Newest Version', type: 'text', from: answer('newest') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: join(
        when(
          output('would_have_stopped'),
          join(WENT_ON, ' '),
          when({ all: [WATCHES, WAITS] }, 'Watch only: this run went on, and would have waited. ', ''),
        ),
        match(
          output('status'),
          {
            claimed: when(
              { less: [1, answer('attempt')] },
              join('Go on: this run holds ', NAMED, ', at attempt ', answer('attempt'), '.'),
              join('Go on: this run is the first for ', NAMED, '.'),
            ),
            in_progress: when(
              BUSY,
              when(
                answer('same_run'),
                join(
                  'An earlier item of this very run has not finished “',
                  OTHER,
                  '”, which is of the same One at a Time For. Put Check & Claim Key and Mark Complete into a loop that takes one item at a time.',
                ),
                join(
                  'It is not the turn of ',
                  NAMED,
                  ' yet: “',
                  OTHER,
                  '” is at work. Nothing is lost; try again later.',
                ),
              ),
              join('Another run is at work on ', NAMED, ' and has not finished yet.'),
            ),
            stale: join(
              'An older change: of “',
              { plain: first(input('group'), output('key')) },
              '”, the newer version ',
              answer('newest'),
              ' is done already.',
            ),
            not_checked: join(
              'OnceOnly could not check ',
              when(is(input('key'), ''), 'this event', NAMED),
              '. ',
              answer('problem'),
            ),
            completed: join(
              'Done already: ',
              NAMED,
              ' was first seen ',
              answer('first_seen_at'),
              ' and completed ',
              answer('done_at'),
              '.',
            ),
            failed: join(
              NAMED,
              ' has failed for good: ',
              answer('error_code'),
              '. To let it run again, release the key on your OnceOnly server, or use another key.',
            ),
            exhausted: join(
              NAMED,
              ' is given up after its last attempt. It failed with: ',
              first(answer('error_code'), 'no reason given'),
              '. To let it run again, raise Give Up After, or release the key.',
            ),
            unresolved: when(
              BUSY,
              join(
                'It is not the turn of ',
                NAMED,
                ': a newer change, “',
                OTHER,
                '”, died, and nobody knows whether its work was done. Look, then mark that key as completed, failed or released on your OnceOnly server, and run this again.',
              ),
              join(
                'An earlier run of ',
                NAMED,
                ' died, and nobody knows whether its work was done. Look, then mark the key as ',
                'completed, failed or released on your OnceOnly server.',
              ),
            ),
            unconfirmed: join(
              'OnceOnly did not answer at first, so nobody knows whether ',
              NAMED,
              ' is held by this run or by another. Nothing was decided; try again later.',
            ),
            unprotected: join(
              'OnceOnly could not be reached. This run goes on with ',
              NAMED,
              ' without protection, as the step is set.',
            ),
          },
          join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
        ),
        when(
          is(output('source'), null),
          '',
          join(' The source of the event was recognised as: ', output('source'), '.'),
        ),
        MADE_FROM,
        when(
          { all: [output('proceed'), { less: [answer('ttl'), { times: [input('hold_minutes'), 60] }] }] },
          join(' Your plan holds it for ', answer('ttl'), ' seconds only, less than the step asks for.'),
          '',
        ),
      ),
    },
  ],
  // Only work that is known to be done stops a run silently.
  then: when(
    WATCHES,
    'continue',
    when(
      IS_BUSY,
      match(output('status'), { unresolved: 'tell' }, 'retry_later'),
      match(
        output('status'),
        {
          claimed: 'continue',
          unprotected: 'continue',
          completed: input('on_duplicate'),
          stale: input('on_duplicate'),
          in_progress: IN_PROGRESS,
          unconfirmed: 'retry_later',
        },
        when(is(input('on_duplicate'), 'continue'), 'continue', 'tell'),
      ),
    ),
  ),
  sample: {
    status: 'claimed',
    proceed: true,
    duplicate: false,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    source: null,
    key_made_from: null,
    signature_checked: null,
    would_have_stopped: false,
    claim_token: 'claim_7c1f3f4e-54f0-4f0e-9d3b-0f6f3c6f2a10|orders:evt_1N3T00LkdIwHu7ix',
    idempotency_key: '50319274-0314-8042-9175-206809417305',
    attempt: 1,
    reentrant: false,
    first_seen_at: '2026-11-25T10:30:00.000Z',
    expires_at: '2026-11-25T22:30:00.000Z',
    hold_seconds: 43_200,
    done_at: null,
    result: null,
    error_code: null,
    retry_after_seconds: null,
    waits_for: null,
    newest_version: null,
    message: 'Go on: this run is the first for “orders:evt_1N3T00LkdIwHu7ix”.',
  },
});
