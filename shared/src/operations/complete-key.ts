import { answer, client, input, is, join, match, output, when } from '../rules.ts';
import { TOKEN_KEY, TOKEN_LEASE } from '../token.ts';
import { defineOperation } from './operation.ts';
import { afterFinish, claimTokenField, lostClaim, NAMED } from './parts.ts';

/** The result was judged empty: the only failure by which a completion may go on. */
const WAS_EMPTY = is(output('error_code'), 'empty_output');

/** The last step. The work is done, and every later delivery of the event stops. */
export const completeKey = defineOperation({
  id: 'completeKey',
  label: 'Mark Complete',
  description: 'Marks the work of a claimed key as done, so that every later run of the same event stops.',
  kind: 'action',
  fields: [
    { ...claimTokenField, required: true },
    {
      id: 'result',
      label: 'Result',
      type: 'json',
      help: 'What came of the work: text or an object of up to 64 KiB. A later run of the same event gets it as its Result.',
    },
    {
      id: 'reject_empty',
      label: 'An Empty Result Is a Failure',
      type: 'boolean',
      advanced: true,
      default: false,
      help: 'For work that may come back empty, such as an AI step. An empty or cut-off answer is not stored as done: the key fails with empty_output, and may be tried again.',
      guide: 'guides/empty-answers.md',
    },
  ],
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/complete',
      send: {
        key: TOKEN_KEY,
        lease_id: TOKEN_LEASE,
        result: { wrap: input('result') },
        result_hash: client('result_hash'),
        reject_empty: input('reject_empty'),
      },
    },
  ],
  outputs: [
    { id: 'status', label: 'Status', type: 'text', from: answer('status') },
    { id: 'completed', label: 'Completed', type: 'boolean', from: is(output('status'), 'completed') },
    { id: 'key', label: 'Key', type: 'text', from: TOKEN_KEY },
    { id: 'state', label: 'State of the Key', type: 'text', from: answer('state') },
    { id: 'done_at', label: 'Done At', type: 'date', from: answer('done_at') },
    { id: 'error_code', label: 'Error Code', type: 'text', from: answer('error_code') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: match(
        output('status'),
        {
          completed: join('Done: ', NAMED, '. Later runs of the same event will stop.'),
          failed: when(
            WAS_EMPTY,
            join(
              'Not done: the result of ',
              NAMED,
              ' was empty. It may be tried again.',
              when(
                is(answer('reasoning_tokens'), null),
                '',
                join(' The model was paid for ', answer('reasoning_tokens'), ' tokens of reasoning.'),
              ),
            ),
            join(
              'Not marked as done: ',
              NAMED,
              ' was marked as failed before. This run did its work, so a later run of the same event may do it again.',
            ),
          ),
          ...lostClaim(
            'This run did its work too, so check whether it was done twice. To prevent it, set Hold For longer than your slowest run, or put Extend Claim behind each delay.',
          ),
        },
        join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
      ),
    },
  ],
  then: afterFinish('late', { completed: 'continue', failed: when(WAS_EMPTY, 'continue', 'tell') }),
  sample: {
    status: 'completed',
    completed: true,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    state: 'completed',
    done_at: '2026-11-25T10:30:04.000Z',
    error_code: null,
    message: 'Done: “orders:evt_1N3T00LkdIwHu7ix”. Later runs of the same event will stop.',
  },
});
