import { defineSender } from '../sender.ts';

/** All changes of one action share `meta.correlation_id`. In version 1, `meta.id` identifies the object. */
export const pipedrive = defineSender({
  id: 'pipedrive',
  label: 'Pipedrive',
  docs: 'https://pipedrive.readme.io/docs/guide-for-webhooks-v2',
  seen: [
    { 'body:meta.version': /^2/, 'body:meta.entity': true, 'body:meta.action': true },
    { 'body:v': '1', 'body:event': true, 'body:meta.object': true },
  ],
  rules: [
    {
      when: { 'body:meta.entity': true },
      key: ['body:meta.company_id', 'body:meta.id'],
      covers: ['body:meta.entity', 'body:meta.entity_id', 'body:meta.action'],
    },
    {
      when: { 'body:v': '1' },
      key: [
        'body:meta.company_id',
        'body:event',
        'body:meta.id',
        'body:meta.timestamp_micro',
        'body:meta.change_source?',
      ],
    },
  ],
  needs: 'payload is no Pipedrive event: it lacks meta.company_id or meta.id.',
  retries: 'Sent again after 3, 30 and 150 seconds: meta.attempt is new, in version 1 retry.',
  recipe:
    'Enter Meta Company ID and Meta ID. In version 1, enter the event, Meta ID and Meta Timestamp Micro.',
});
