import { defineSender } from '../sender.ts';

/** `event.data.id` identifies the incident, not the event. */
export const pagerduty = defineSender({
  id: 'pagerduty',
  label: 'PagerDuty',
  docs: 'https://developer.pagerduty.com/docs/webhooks-overview',
  seen: [
    { 'header:x-pagerduty-signature': true },
    { 'body:event.id': true, 'body:event.event_type': true, 'body:event.resource_type': true },
  ],
  rules: [
    {
      when: { 'body:event.event_type': 'pagey.ping' },
      none: 'is a test of PagerDuty, which names no event. Filter it out before this step.',
    },
    { key: ['body:event.id'], covers: ['body:event.event_type'] },
  ],
  needs: 'payload is no event of PagerDuty: it has no event.id.',
  retries: 'Sent again for days, with growing pauses.',
  recipe: 'Enter Event ID, not the incident’s.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha256', encoding: 'hex', signs: '{body}' },
      ...{ header: 'x-pagerduty-signature', pairs: { mac: 'v1' } },
    },
  ],
});
