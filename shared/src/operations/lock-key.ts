import { LIMITS } from '../limits.ts';
import { answer, first, input, join, match, output, client, when } from '../rules.ts';
import { deliveryFields, KEY_OR_DELIVERY, keyFromFields, MADE_FROM } from './key-from.ts';
import { defineOperation } from './operation.ts';
import {
  ends,
  jobField,
  mayGoOn,
  NAMED,
  on,
  onDuplicateField,
  runReferenceField,
  UNPROTECTED,
  whenUnreachableField,
} from './parts.ts';

/** One step instead of two, for work that should rather be lost than done twice. */
export const lockKey = defineOperation({
  id: 'lockKey',
  label: 'Check Key Once (No Mark Complete)',
  description:
    'Lets the first run of an event go on and stops all others, even if the first one crashes later.',
  kind: 'action',
  fields: [
    jobField,
    ...keyFromFields,
    {
      ...onDuplicateField,
      help: 'Stop here ends the run quietly. If OnceOnly’s answer is lost, a new try may stop although no run did the work. Where that must not be, use Check & Claim Key.',
    },
    {
      id: 'remember_minutes',
      label: 'Remember For (Minutes)',
      type: 'number',
      advanced: true,
      min: 0.1,
      max: LIMITS.ttlSeconds.max / 60,
      default: 1_440,
      help: 'How long the same event counts as a duplicate. Set it longer than the sender may go on sending.',
    },
    ...deliveryFields,
    runReferenceField,
    whenUnreachableField,
  ],
  requests: [
    {
      method: 'POST',
      path: '/v1/check-lock',
      send: {
        ...KEY_OR_DELIVERY,
        ttl: { times: [input('remember_minutes'), 60] },
        holder: first(input('run_reference'), client('holder')),
        origin: client('origin'),
      },
    },
  ],
  outputs: [
    {
      id: 'status',
      label: 'Status',
      type: 'text',
      from: match(answer('status'), { locked: 'claimed' }, answer('status')),
    },
    ...mayGoOn,
    { id: 'first_seen_at', label: 'First Seen At', type: 'date', from: answer('first_seen_at') },
    { id: 'remember_seconds', label: 'Remembered For (Seconds)', type: 'integer', from: answer('ttl') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: join(
        match(
          output('status'),
          {
            claimed: join('Go on: this run is the first for ', NAMED, '.'),
            duplicate: join(
              'Duplicate: ',
              NAMED,
              ' already came',
              on(answer('first_seen_at')),
              '.',
              ends(input('on_duplicate')),
            ),
            unconfirmed: join(
              'OnceOnly did not answer at first, so nobody knows whether this run or another is the first for ',
              NAMED,
              '. Nothing was decided; try again later.',
            ),
            unprotected: join(UNPROTECTED, NAMED, ' may be done twice.'),
          },
          join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
        ),
        MADE_FROM,
        when(
          { all: [output('proceed'), { less: [answer('ttl'), { times: [input('remember_minutes'), 60] }] }] },
          join(' Your plan remembers it for only ', answer('ttl'), ' seconds, less than this step asks for.'),
          '',
        ),
      ),
    },
  ],
  then: match(
    output('status'),
    {
      claimed: 'continue',
      unprotected: 'continue',
      unconfirmed: 'retry_later',
      duplicate: input('on_duplicate'),
    },
    'tell',
  ),
  sample: {
    status: 'claimed',
    proceed: true,
    duplicate: false,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    source: null,
    key_made_from: null,
    signature_checked: null,
    first_seen_at: null,
    remember_seconds: 86_400,
    message: 'Go on: this run is the first for “orders:evt_1N3T00LkdIwHu7ix”.',
  },
});
