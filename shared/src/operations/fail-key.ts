import { LIMITS } from '../limits.ts';
import { answer, first, input, is, join, match, output, when } from '../rules.ts';
import { TOKEN_KEY, TOKEN_LEASE } from '../token.ts';
import { defineOperation } from './operation.ts';
import { afterFinish, claimTokenField, lostClaim, NAMED } from './parts.ts';

const OF_A_RUN = is(input('claim_token'), null);

/** For error branches and error workflows: says that the work was not done, and why. */
export const failKey = defineOperation({
  id: 'failKey',
  label: 'Mark Failed',
  description:
    'Marks the work of a claimed key as failed, so that the next run of the same event may try again at once.',
  kind: 'action',
  fields: [
    claimTokenField,
    {
      id: 'reason',
      label: 'Reason',
      type: 'text',
      help: 'What went wrong, for whoever looks at the key later. It is cut after 256 characters.',
    },
    {
      id: 'retryable',
      label: 'May Be Tried Again',
      type: 'boolean',
      default: true,
      help: 'Yes: the next run of the same event tries again. No: the key has failed for good.',
    },
    {
      id: 'no_effect',
      label: 'The Provider Certainly Did Nothing',
      type: 'boolean',
      advanced: true,
      default: false,
      help: 'Yes only if surely nothing was charged, sent or written, such as a declined card. The next attempt then gets another Idempotency Key, so that the provider does not repeat its old answer.',
    },
    {
      id: 'run',
      label: 'Run',
      type: 'text',
      advanced: true,
      // On Zapier, a claim has no Run Reference.
      notOn: ['zapier'],
      maxLength: LIMITS.nameCodePoints,
      needs: 'run',
      help: 'For an error workflow without a Claim Token: all open claims with this Run Reference fail. It is used only if Claim Token is empty.',
    },
  ],
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/fail',
      send: {
        key: when(OF_A_RUN, null, TOKEN_KEY),
        lease_id: when(OF_A_RUN, null, TOKEN_LEASE),
        run: when(OF_A_RUN, input('run'), null),
        error_code: { cut: [first(input('reason'), 'failed'), LIMITS.noteCodePoints] },
        retryable: input('retryable'),
        effect: when(input('no_effect'), 'none', null),
      },
    },
  ],
  outputs: [
    { id: 'status', label: 'Status', type: 'text', from: answer('status') },
    { id: 'failed', label: 'Failed', type: 'boolean', from: is(output('status'), 'failed') },
    { id: 'key', label: 'Key', type: 'text', from: when(OF_A_RUN, null, TOKEN_KEY) },
    { id: 'state', label: 'State of the Key', type: 'text', from: answer('state') },
    {
      id: 'keys_failed',
      label: 'Keys Failed',
      type: 'integer',
      from: first(answer('count'), when(output('failed'), 1, 0)),
    },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: match(
        output('status'),
        {
          failed: when(
            OF_A_RUN,
            join('Marked as failed: all ', output('keys_failed'), ' keys that the run still had.'),
            when(
              input('retryable'),
              join('Marked as failed: ', NAMED, '. The next run of the same event tries again.'),
              join('Marked as failed for good: ', NAMED, '.'),
            ),
          ),
          ...lostClaim('Nothing was changed.'),
        },
        join('OnceOnly answered ', answer('status'), '.'),
      ),
    },
  ],
  then: afterFinish('lost', { failed: 'continue' }),
  sample: {
    status: 'failed',
    failed: true,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    state: 'failed',
    keys_failed: 1,
    message: 'Marked as failed: “orders:evt_1N3T00LkdIwHu7ix”. The next run of the same event tries again.',
  },
});
