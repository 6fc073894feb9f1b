import { defineSender } from '../sender.ts';

/** Its events have no id. */
export const recurly = defineSender({
  id: 'recurly',
  label: 'Recurly',
  docs: 'https://docs.recurly.com/recurly-subscriptions/docs/webhooks',
  seen: [{ 'body:event_type': true, 'body:object_type': true, 'body:site_id': true }],
  rules: [{ key: ['body:site_id', 'body:event_type', 'body:uuid | body:id', 'body:event_time'] }],
  needs: 'payload is no JSON event of Recurly: it lacks site_id, event_type, the object’s id or event_time.',
  retries: 'Sent again for days.',
  recipe: 'Enter Event Type, the object’s ID and Event Time.',
});
