import { LIMITS } from '../limits.ts';
import { answer, input, is, join, match, output, type Rule, when } from '../rules.ts';
import { TOKEN_KEY, TOKEN_LEASE } from '../token.ts';
import { defineOperation } from './operation.ts';
import { claimTokenField, lostClaim, NAMED, OVERTAKEN } from './parts.ts';

/** If another run is at work, or has finished, this run is a duplicate. Otherwise nobody does the work, and a person must know. */
const ifDuplicate = (then: Rule, otherwise: Rule): Rule =>
  when(is(output('state'), 'in_progress', 'polling', 'completed'), then, otherwise);

const DUPLICATE = lostClaim('This run stops here, before it does the work a second time.');
const UNDONE =
  'No other run is known to have done its work. This run stops here, before it. Check whether the work is still to be done; if so, send the event again.';
const NOT_HELD = join('Too late: this run has lost ', NAMED, '. ', UNDONE);

/** For work that takes longer than the claim is held. Extended in time, no other run takes over. */
export const extendClaim = defineOperation({
  id: 'extendClaim',
  label: 'Extend Claim',
  description: 'Extends a claim from now on, for work that takes longer than expected.',
  kind: 'action',
  fields: [
    { ...claimTokenField, required: true },
    {
      id: 'hold_minutes',
      label: 'Hold For (Minutes)',
      type: 'number',
      min: 0.1,
      max: LIMITS.ttlSeconds.max / 60,
      example: 60,
      help: 'How long to keep the key from now on. Empty: as long as it was claimed for.',
    },
  ],
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/extend',
      send: { key: TOKEN_KEY, lease_id: TOKEN_LEASE, ttl: { times: [input('hold_minutes'), 60] } },
    },
  ],
  outputs: [
    { id: 'status', label: 'Status', type: 'text', from: answer('status') },
    { id: 'extended', label: 'Extended', type: 'boolean', from: is(output('status'), 'extended') },
    { id: 'key', label: 'Key', type: 'text', from: TOKEN_KEY },
    {
      id: 'state',
      label: 'State of the Key',
      type: 'text',
      from: when(OVERTAKEN, 'expired', answer('state')),
    },
    { id: 'hold_seconds', label: 'Held For (Seconds)', type: 'integer', from: answer('ttl') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: match(
        output('status'),
        {
          extended: join(
            'This run holds ',
            NAMED,
            ' for another ',
            output('hold_seconds'),
            ' seconds.',
            when(
              { less: [answer('ttl'), { times: [input('hold_minutes'), 60] }] },
              ' Your plan gives no more, although this step asks for it.',
              '',
            ),
          ),
          watched: DUPLICATE.watched,
          lease_lost: ifDuplicate(DUPLICATE.lease_lost, NOT_HELD),
          already_finished: ifDuplicate(DUPLICATE.already_finished, NOT_HELD),
          not_found: lostClaim(UNDONE).not_found,
        },
        join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
      ),
    },
  ],
  then: match(output('status'), { extended: 'continue', watched: 'continue' }, ifDuplicate('stop', 'tell')),
  sample: {
    status: 'extended',
    extended: true,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    state: 'in_progress',
    hold_seconds: 3_600,
    message: 'This run holds “orders:evt_1N3T00LkdIwHu7ix” for another 3600 seconds.',
  },
});
