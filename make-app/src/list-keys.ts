import { ERRORS, LIMITS, type Field, type Output } from '@onceonly/shared';
import { answer } from '@onceonly/shared/rules.ts';
import { parameterOf } from './fields.ts';
import { interfaceOf } from './interface.ts';
import type { Members } from './json.ts';
import type { Module } from './module.ts';

/*
 * A search over the service's GET /v1/keys, for operator keys. It is no operation of the other platforms: there, people
 * look at keys in the console.
 */

const STATES = {
  in_progress: 'In progress',
  completed: 'Completed',
  failed: 'Failed',
  released: 'Released',
  unresolved: 'Waiting for a decision (its run died)',
};

const fields: readonly Field[] = [
  {
    id: 'prefix',
    label: 'Keys That Begin With',
    type: 'text',
    maxLength: LIMITS.keyCodePoints,
    help: 'A job’s name and a colon finds the keys of that job, for example “orders:”. Empty: all keys.',
  },
];

const PAGE = 100;

const output = (id: string, label: string, type: Output['type']): Output => ({
  id,
  label,
  type,
  from: answer(id),
});

const outputs: readonly Output[] = [
  output('key', 'Key', 'text'),
  output('status', 'Status', 'text'),
  output('exhausted', 'Given Up', 'boolean'),
  output('unresolved', 'Waiting for a Decision', 'boolean'),
  output('version', 'Version', 'integer'),
  output('attempt', 'Attempt', 'integer'),
  output('max_attempts', 'Give Up After (Attempts)', 'integer'),
  output('on_expired', 'If Its Run Dies', 'text'),
  output('run', 'Run', 'text'),
  output('error_code', 'Error Code', 'text'),
  output('first_seen_at', 'First Seen At', 'date'),
  output('claimed_at', 'Claimed At', 'date'),
  output('expires_at', 'Held Until', 'date'),
  output('done_at', 'Done At', 'date'),
];

const samples: Members = {
  key: 'orders:evt_1N3T00LkdIwHu7ix',
  status: 'failed',
  exhausted: false,
  unresolved: false,
  version: 2,
  attempt: 2,
  max_attempts: 5,
  on_expired: 'retry',
  run: null,
  error_code: 'card_declined',
  first_seen_at: '2026-11-25T10:30:00.000Z',
  claimed_at: '2026-11-25T10:31:00.000Z',
  expires_at: '2026-11-25T11:31:00.000Z',
  done_at: '2026-11-25T10:31:04.000Z',
};

const { happened, todo } = ERRORS.unexpected_answer;

export const listKeys: Module = {
  id: 'listKeys',
  label: 'List keys',
  description: 'Lists keys and what came of them. It takes an API key with the role operator.',
  type: 'search',
  group: 'Look-ups',
  communication: {
    url: '/v1/keys',
    method: 'GET',
    qs: {
      prefix: '{{ifempty(parameters.prefix, undefined)}}',
      status: '{{ifempty(parameters.status, undefined)}}',
      limit: `{{if(ifempty(parameters.limit, 10) < ${String(PAGE)}, ifempty(parameters.limit, 10), ${String(PAGE)})}}`,
    },
    pagination: {
      condition: "{{(ifempty(body.cursor, '') != '')}}",
      qs: { cursor: '{{body.cursor}}' },
    },
    response: {
      valid: { condition: '{{body.items}}', message: `${happened} ${todo}`, type: 'ConnectionError' },
      limit: '{{ifempty(parameters.limit, 10)}}',
      iterate: '{{body.items}}',
      output: Object.fromEntries(outputs.map(({ id }) => [id, `{{item.${id}}}`])),
    },
  },
  parameters: [
    ...fields.map(parameterOf),
    {
      name: 'status',
      label: 'Status',
      type: 'select',
      options: Object.entries(STATES).map(([value, label]) => ({ label, value })),
      required: false,
      help: 'Empty: keys of every status.',
    },
    {
      name: 'limit',
      label: 'Limit',
      type: 'uinteger',
      required: true,
      default: 10,
      validate: { min: 1, max: 10_000 },
      help: 'The maximum number of keys to return.',
    },
  ],
  interface: interfaceOf(outputs),
  samples,
};
