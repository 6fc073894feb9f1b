import { answer, first, input, is, join, match, output, type Rule, when } from '../rules.ts';
import { TOKEN, WATCHED_TOKEN } from '../token.ts';
import { MADE_FROM, mayGoOn, NAMED } from './parts.ts';

/** The key of the group that is at work, or waits for a person. */
const OTHER: Rule = { plain: answer('busy_key') };

/** How a message begins of a run that went on since its step only watches. */
export const WENT_ON = 'Watch only: this run went on, and would not have.';

/** The step stops nothing. */
export const WATCHES = is(input('on_duplicate'), 'watch');

/** What a run that does not only watch goes on after. */
const GOES_ON = is(output('status'), 'claimed', 'unprotected');

/** Another key of the group is at work, or waits for a person: that is no duplicate, and never stops a run. */
const BUSY = is(answer('busy'), 'group');

/** `BUSY`, as the outputs tell it: what a step does next follows from them alone. */
export const IS_BUSY: Rule = { not: is(output('waits_for'), null) };

/** It is not this key's turn yet: its run waits, and is not stopped. */
const WAITS: Rule = { all: [BUSY, is(output('status'), 'in_progress')] };

/** What a claim came to. */
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
] as const;
