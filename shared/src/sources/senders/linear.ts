import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** `webhookId` identifies the subscription, not the event. */
export const linear = defineSender({
  id: 'linear',
  label: 'Linear',
  docs: 'https://linear.app/developers/webhooks',
  seen: [
    { 'header:linear-delivery': true },
    { 'body:webhookId': true, 'body:webhookTimestamp': true, 'body:action': true, 'body:type': true },
  ],
  rules: [{ key: ['header:linear-delivery'], covers: ['body:type', 'body:action', 'body:data.id'] }],
  needs: 'headers lack Linear-Delivery, which names the event.',
  retries:
    'Sent again after a minute, an hour and six hours: webhookTimestamp and so the signature may be new.',
  recipe: 'Enter the header Linear-Delivery.',
  signatures: [bodyHmac('linear-signature', 'hex')],
  unsigned: 'The headers: a captured body under a new Linear-Delivery is a new event.',
});
