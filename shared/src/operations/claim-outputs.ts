import { answer, first, input, is, join, match, output, type Rule, when } from '../rules.ts';
import { TOKEN, WATCHED_TOKEN } from '../token.ts';
import { MADE_FROM } from './key-from.ts';
import { ends, mayGoOn, NAMED, on, REASON, RELEASE, UNPROTECTED } from './parts.ts';

/** The other key of the group, which is at work or waits for a person. */
const OTHER: Rule = { named: answer('busy_key') };

/** What to do while another run is at work. The field “When It Is a Duplicate” decides, unless the advanced field says otherwise. */
export const IN_PROGRESS: Rule = match(
  input('while_in_progress'),
  { continue: 'continue', always_retry: 'retry_later' },
  when(is(input('on_duplicate'), 'continue'), 'continue', input('while_in_progress')),
);

/** The start of the message of a run that went on because its step only watches. */
export const WENT_ON = 'Watch only: this run went on. Otherwise, it would have stopped.';

/** The step only watches, and stops nothing. */
export const WATCHES = is(input('on_duplicate'), 'watch');

/** The run has its claim, or goes on without protection. */
const GOES_ON = is(output('status'), 'claimed', 'unprotected');

/** Another key of the group is at work, or waits for a person. The run is not a duplicate, and is never stopped. */
const BUSY = is(answer('busy'), 'group');

/** `BUSY` in terms of the outputs, from which alone follows what a step does next. */
export const IS_BUSY: Rule = { not: is(output('waits_for'), null) };

/** It is not this key's turn yet. Its run waits, and is not stopped. */
const WAITS: Rule = { all: [BUSY, is(output('status'), 'in_progress')] };

/** What a person has to do if nobody knows whether a run did its work. */
const DECIDE =
  'Nobody knows whether its work was done. Check, then say what came of it in the dashboard of your OnceOnly server.';

/** The outputs of a claim. */
export const claimOutputs = [
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
        when(
          { all: [WATCHES, WAITS] },
          'Watch only: this run went on. Otherwise, it would have waited. ',
          '',
        ),
      ),
      match(
        output('status'),
        {
          claimed: when(
            { less: [1, answer('attempt')] },
            join(
              'Go on: this is attempt ',
              answer('attempt'),
              ' at ',
              NAMED,
              '. No attempt before was completed.',
            ),
            join('Go on: this run is the first for ', NAMED, '.'),
          ),
          in_progress: when(
            BUSY,
            when(
              answer('same_run'),
              join(
                'An earlier item of this same run has not finished ',
                OTHER,
                ', with the same One at a Time For. Put Check & Claim Key and Mark Complete into a loop that takes one item at a time.',
              ),
              join(
                'Not yet the turn of ',
                NAMED,
                ': ',
                OTHER,
                ' is at work. Nothing is lost; try again later.',
              ),
            ),
            join(
              'Another run is at work on ',
              NAMED,
              ' and has not finished yet.',
              when(WATCHES, '', ends(IN_PROGRESS)),
            ),
          ),
          stale: join(
            'Older change: a newer version (',
            { time: answer('newest'), to: 'second' },
            ') of ',
            { named: first(input('group'), output('key')) },
            ' is already done.',
            ends(input('on_duplicate')),
          ),
          not_checked: join(
            'OnceOnly could not check ',
            when(is(input('key'), ''), 'this event', NAMED),
            '. ',
            answer('problem'),
          ),
          completed: join(
            'Duplicate: ',
            NAMED,
            ' was already handled',
            on(answer('done_at')),
            '.',
            ends(input('on_duplicate')),
          ),
          failed: join(
            'Failed for good: ',
            NAMED,
            on(answer('done_at')),
            '. Reason: ',
            REASON,
            '. To run it again, ',
            RELEASE,
            ', or use another key.',
          ),
          exhausted: join(
            'Given up: all attempts at ',
            NAMED,
            ' are used. The last one failed: ',
            REASON,
            '. To run it again, raise Give Up After, or ',
            RELEASE,
            '.',
          ),
          unresolved: when(
            BUSY,
            join(
              'Not yet the turn of ',
              NAMED,
              ': the run of a newer change, ',
              OTHER,
              ', died. ',
              DECIDE,
              ' Then run this again.',
            ),
            join(
              'An earlier run of ',
              NAMED,
              ', first seen',
              on(answer('first_seen_at')),
              ', died. ',
              DECIDE,
            ),
          ),
          unconfirmed: join(
            'OnceOnly did not answer at first, so nobody knows whether this run or another has ',
            NAMED,
            '. Nothing was decided; try again later.',
          ),
          unprotected: join(UNPROTECTED, NAMED, ' may be done twice.'),
        },
        join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
      ),
      MADE_FROM,
      when(
        { all: [output('proceed'), { less: [answer('ttl'), { times: [input('hold_minutes'), 60] }] }] },
        join(' Your plan holds it for only ', answer('ttl'), ' seconds, less than this step asks for.'),
        '',
      ),
    ),
  },
] as const;
