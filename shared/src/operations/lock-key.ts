import { LIMITS } from '../limits.ts';
import { answer, first, input, join, match, output, client, when } from '../rules.ts';
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

const AT_MOST_ONCE =
  'Where OnceOnly’s answer is lost on its way, trying the step again may find the key taken by its own first try: the run then stops as a duplicate, and no run does the work. Where work must not be lost, use Check & Claim Key.';

/** One step instead of two, for work that had better be lost than done twice. */
export const lockKey = defineOperation({
  id: 'lockKey',
  label: 'Check Key Once (No Mark Complete)',
  description:
    'Lets the first run of an event go on and stops the others; a run that crashes later is not repeated.',
  kind: 'action',
  fields: [
    jobField,
    ...keyFromFields,
    { ...onDuplicateField, help: `${onDuplicateField.help} ${AT_MOST_ONCE}` },
    {
      id: 'remember_minutes',
      label: 'Remember For (Minutes)',
      type: 'number',
      advanced: true,
      min: 0.1,
      max: LIMITS.ttlSeconds.max / 60,
      default: 1_440,
      help: 'How long a further delivery of the same event counts as a duplicate. Longer than the sender may go on delivering it again.',
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
            duplicate: join('Duplicate: ', NAMED, ' was first seen ', answer('first_seen_at'), '.'),
            unconfirmed: join(
              'OnceOnly did not answer at first, so nobody knows whether this run or another is the first for ',
              NAMED,
              '. Nothing was decided; try again later.',
            ),
            unprotected: join(
              'OnceOnly could not be reached. This run goes on with ',
              NAMED,
              ' without protection, as the step is set.',
            ),
          },
          join('OnceOnly answered ', answer('status'), ' for ', NAMED, '.'),
        ),
        MADE_FROM,
        when(
          { all: [output('proceed'), { less: [answer('ttl'), { times: [input('remember_minutes'), 60] }] }] },
          join(' Your plan remembers it for ', answer('ttl'), ' seconds only, less than the step asks for.'),
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
