import { defineSender } from '../sender.ts';

export const chargebee = defineSender({
  id: 'chargebee',
  label: 'Chargebee',
  docs: 'https://apidocs.chargebee.com/docs/api/events',
  seen: [{ 'body:id': /^ev_/, 'body:event_type': true, 'body:content': true }],
  rules: [{ key: ['body:id'], covers: ['body:event_type'] }],
  needs: 'payload is no event of Chargebee: it has no id.',
  retries: 'Sent again up to seven times, with another webhook_status.',
  recipe: 'Enter the event’s ID (ev_…).',
});
