import { LIMITS } from '../limits.ts';
import { answer, input, is, join, match, output } from '../rules.ts';
import { TOKEN_KEY, TOKEN_LEASE } from '../token.ts';
import { defineOperation } from './operation.ts';
import { afterFinish, claimTokenField, lostClaim, NAMED } from './parts.ts';

/** For a run that decides not to do the work. The key is free again, as if it had never been claimed. */
export const releaseKey = defineOperation({
  id: 'releaseKey',
  label: 'Release Key',
  description:
    'Gives a claimed key up without doing the work, so that the next run of the same event may claim it.',
  kind: 'action',
  fields: [
    { ...claimTokenField, required: true },
    {
      id: 'reason',
      label: 'Reason',
      type: 'text',
      help: 'Why the work was not done, for whoever looks at the key later. It is cut after 256 characters.',
    },
  ],
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/cancel',
      send: {
        key: TOKEN_KEY,
        lease_id: TOKEN_LEASE,
        reason: { cut: [input('reason'), LIMITS.noteCodePoints] },
      },
    },
  ],
  outputs: [
    {
      id: 'status',
      label: 'Status',
      type: 'text',
      from: match(answer('status'), { cancelled: 'released', canceled: 'released' }, answer('status')),
    },
    { id: 'released', label: 'Released', type: 'boolean', from: is(output('status'), 'released') },
    { id: 'key', label: 'Key', type: 'text', from: TOKEN_KEY },
    { id: 'state', label: 'State of the Key', type: 'text', from: answer('state') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: match(
        output('status'),
        {
          released: join('Free again: ', NAMED, '. The next run of the same event may claim it.'),
          ...lostClaim('Nothing was changed.'),
        },
        join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
      ),
    },
  ],
  then: afterFinish('lost', { released: 'continue' }),
  sample: {
    status: 'released',
    released: true,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    state: 'released',
    message: 'Free again: “orders:evt_1N3T00LkdIwHu7ix”. The next run of the same event may claim it.',
  },
});
