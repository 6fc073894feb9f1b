import { answer, is, join, match, output, when } from '../rules.ts';
import { defineOperation } from './operation.ts';
import { FULL_KEY, jobField, keyField, NAMED, on, REASON } from './parts.ts';

/** Reads the status of a key, and changes nothing. */
export const getKey = defineOperation({
  id: 'getKey',
  label: 'Get Key Status',
  description: 'Finds out what came of a key, without claiming it.',
  kind: 'lookup',
  fields: [jobField, keyField],
  requests: [
    { method: 'GET', path: '/v1/ai/status', send: { key: FULL_KEY } },
    {
      when: is(answer('status'), 'completed'),
      method: 'GET',
      path: '/v1/ai/result',
      send: { key: FULL_KEY },
    },
  ],
  outputs: [
    {
      id: 'status',
      label: 'Status',
      type: 'text',
      from: match(
        answer('status'),
        { not_found: null, polling: 'in_progress' },
        when(
          is(answer('exhausted'), true),
          'exhausted',
          when(is(answer('unresolved'), true), 'unresolved', answer('status')),
        ),
      ),
    },
    { id: 'exists', label: 'Exists', type: 'boolean', from: { not: is(output('status'), null) } },
    { id: 'key', label: 'Key', type: 'text', from: FULL_KEY },
    { id: 'attempt', label: 'Attempt', type: 'integer', from: answer('attempt') },
    { id: 'first_seen_at', label: 'First Seen At', type: 'date', from: answer('first_seen_at') },
    { id: 'expires_at', label: 'Held Until', type: 'date', from: answer('expires_at') },
    { id: 'done_at', label: 'Done At', type: 'date', from: answer('done_at') },
    { id: 'result', label: 'Result', type: 'json', from: { unwrap: answer('result') } },
    { id: 'error_code', label: 'Error Code', type: 'text', from: answer('error_code') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      from: match(
        output('status'),
        {
          '': join(
            'No record of ',
            NAMED,
            ': it was never claimed with this connection, was released, or is forgotten after its time.',
          ),
          in_progress: join('A run is at work on ', NAMED, '.'),
          completed: join('Completed: ', NAMED, on(answer('done_at')), '.'),
          failed: join('Failed: ', NAMED, on(answer('done_at')), '. Reason: ', REASON, '.'),
          exhausted: join(
            'Given up: all attempts at ',
            NAMED,
            ' are used. The last one failed: ',
            REASON,
            '.',
          ),
          unresolved: join(
            'Your decision is needed: a run of ',
            NAMED,
            ' died. Check whether its work was done.',
          ),
        },
        join('The status of ', NAMED, ' is ', output('status'), '.'),
      ),
    },
  ],
  then: 'continue',
  sample: {
    status: 'completed',
    exists: true,
    key: 'orders:evt_1N3T00LkdIwHu7ix',
    attempt: 1,
    first_seen_at: '2026-11-25T10:30:00.000Z',
    expires_at: '2026-11-25T22:30:00.000Z',
    done_at: '2026-11-25T10:30:04.000Z',
    result: { invoice: 'INV-1042' },
    error_code: null,
    message: 'Completed: “orders:evt_1N3T00LkdIwHu7ix” on 25 Nov, 10:30 UTC.',
  },
});
