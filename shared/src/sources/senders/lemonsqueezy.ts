import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** Its events have no id. `meta.webhook_id` is not used, because its meaning is not documented. */
export const lemonsqueezy = defineSender({
  id: 'lemonsqueezy',
  label: 'Lemon Squeezy',
  docs: 'https://docs.lemonsqueezy.com/help/webhooks',
  seen: [{ 'body:meta.event_name': true, 'body:data.type': true, 'body:data.attributes': true }],
  rules: [
    { key: ['body:meta.event_name', 'body:data.type', 'body:data.id', 'body:data.attributes.updated_at'] },
  ],
  needs:
    'payload is no event of Lemon Squeezy: it lacks meta.event_name, data.id or data.attributes.updated_at.',
  retries: 'Sent again up to three times, after 5, 25 and 125 seconds.',
  recipe: 'Enter Event Name, the object’s ID and Updated At.',
  signatures: [bodyHmac('x-signature', 'hex')],
});
