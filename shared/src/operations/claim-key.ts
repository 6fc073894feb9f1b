import { client, first, input, is, match, output, when } from '../rules.ts';
import { claimFields } from './claim-fields.ts';
import { claimOutputs, IN_PROGRESS, IS_BUSY, WATCHES } from './claim-outputs.ts';
import { KEY_OR_DELIVERY } from './key-from.ts';
import { defineOperation } from './operation.ts';
import { TIMES } from './parts.ts';

/** The first step. The first run to claim the key goes on; every other run of the same event stops here. */
export const claimKey = defineOperation({
  id: 'claimKey',
  label: 'Check & Claim Key',
  description: 'Claims a key for this run, so that every other run of the same event stops here.',
  kind: 'action',
  fields: claimFields,
  requests: [
    {
      method: 'POST',
      path: '/v1/ai/lease',
      send: {
        ...KEY_OR_DELIVERY,
        ...TIMES,
        on_expired: input('if_run_died'),
        max_attempts: input('max_attempts'),
        fingerprint: input('fingerprint'),
        group: input('group'),
        sequence: input('sequence'),
        metadata: input('metadata'),
        holder: first(input('run_reference'), client('holder')),
        run: first(client('run'), input('run_reference')),
        origin: client('origin'),
        wait: client('wait'),
        tries_again: when(WATCHES, null, when(is(IN_PROGRESS, 'retry_later'), true, null)),
        watch: when(WATCHES, true, null),
      },
    },
  ],
  outputs: claimOutputs,
  // A run stops silently only if the work is known to be done.
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
