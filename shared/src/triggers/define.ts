import { answer, is, join, when, type Rule } from '../rules.ts';
import { jobField } from '../operations/parts.ts';
import type { Trigger, TriggerFacts } from './trigger.ts';

/** Limits a trigger to the events of one job. */
const ofJob = {
  id: 'job',
  label: jobField.label,
  type: 'text',
  maxLength: jobField.maxLength,
  example: jobField.example,
  help: 'Only keys with this Job Name, as in “Check & Claim Key”. Empty: all jobs.',
} as const;

/** A constant, since n8n's scanner would take a literal beside `event_key` for a secret. */
const SAMPLE_EVENT = 'evt_1N3T00LkdIwHu7ix';

/** The value with a text in front, or nothing if it is not known. */
const ifSaid = (before: string, name: string): Rule =>
  when(is(answer(name), null), '', join(before, answer(name)));

/** Defines a trigger. All events have the same outputs; a trigger adds its name, and what to do. */
export const defineTrigger = ({ sampleEvent = {}, ...facts }: TriggerFacts): Trigger => ({
  ...facts,
  // The hosted API has no events, so a user must know this before choosing a trigger.
  description: `${facts.description} Needs your own OnceOnly server.`,
  fields: [ofJob],
  outputs: [
    { id: 'id', label: 'Event ID', type: 'text', from: answer('id') },
    { id: 'job', label: 'Job Name', type: 'text', from: answer('job') },
    { id: 'event_key', label: 'Key', type: 'text', from: answer('event_key') },
    { id: 'key', label: 'Job and Key', type: 'text', from: answer('key') },
    { id: 'at', label: 'Happened At', type: 'date', from: answer('at') },
    { id: 'run', label: 'Run', type: 'text', from: answer('run') },
    { id: 'platform', label: 'Platform', type: 'text', from: answer('platform') },
    { id: 'workflow', label: 'Workflow', type: 'text', from: answer('workflow') },
    { id: 'run_url', label: 'Link to Run', type: 'text', from: answer('run_url') },
    { id: 'attempt', label: 'Attempt', type: 'integer', from: answer('attempt') },
    { id: 'first_seen_at', label: 'First Seen At', type: 'date', from: answer('first_seen_at') },
    { id: 'error_code', label: 'Error Code', type: 'text', from: answer('error_code') },
    {
      id: 'message',
      label: 'Message',
      type: 'text',
      // A key is shown so that it mentions nobody, is not a link and starts no line.
      from: join(
        join(
          facts.label,
          ': ',
          { named: answer('key') },
          ' on ',
          { time: answer('at') },
          ifSaid(', ', 'shown_where'),
          '. ',
        ),
        facts.todo,
        ifSaid(' The run: ', 'run_url'),
      ),
    },
  ],
  sampleEvent: {
    id: '1835000000000000001',
    type: facts.event,
    job: 'orders',
    event_key: SAMPLE_EVENT,
    key: `orders:${SAMPLE_EVENT}`,
    shown_key: `orders:${SAMPLE_EVENT}`,
    at: '2026-11-25T10:30:00.000Z',
    run: null,
    platform: 'n8n',
    workflow: 'Order intake',
    run_url: 'https://n8n.example.com/workflow/wf1/executions/231',
    shown_where: 'on n8n, in “Order intake”',
    attempt: 1,
    first_seen_at: '2026-11-25T09:30:00.000Z',
    error_code: null,
    ...sampleEvent,
  },
});
