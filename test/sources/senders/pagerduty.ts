import type { Examples } from './examples.ts';

const bodyOf = (id: string, event_type = 'incident.acknowledged') => ({
  event: { id, event_type, resource_type: 'incident', data: { id: 'PGR0VU2', type: 'incident' } },
});
const headers = { 'X-PagerDuty-Signature': 'v1=a0b1,v1=c2d3', 'X-Webhook-Subscription': 'PXJK5M' };

export const pagerduty: Examples = {
  source: 'pagerduty',
  events: [
    {
      first: { headers, body: bodyOf('01BSHVQ4E3PE3BQ5RDC') },
      again: { headers, body: bodyOf('01BSHVQ4E3PE3BQ5RDC') },
      other: { headers, body: bodyOf('01BSHVQ4E3PE3BQ5RDD') },
    },
  ],
  refused: [{ headers, body: bodyOf('01BSHVQ4', 'pagey.ping'), says: 'is a test of PagerDuty' }],
};
