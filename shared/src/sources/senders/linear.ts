import { defineSender } from '../sender.ts';

/** `webhookId` is the subscription's. */
export const linear = defineSender({
  id: 'linear',
  label: 'Linear',
  docs: 'https://linear.app/developers/webhooks',
  seen: [
    { 'header:linear-delivery': true },
    { 'body:webhookId': true, 'body:webhookTimestamp': true, 'body:action': true, 'body:type': true },
  ],
  rules: [{ key: ['header:linear-delivery'], covers: ['body:type', 'body:action', 'body:data.id'] }],
  needs: { field: 'headers', message: 'headers lack Linear-Delivery, which names the event.' },
  retries:
    'Sent again after a minute, an hour and six hours: webhookTimestamp and so the signature may be new.',
  recipe: 'Enter the header Linear-Delivery.',
  signatures: [
    { kind: 'hmac', header: 'linear-signature', hash: 'sha256', encoding: 'hex', signs: '{body}' },
  ],
  unsigned: 'The headers: a captured body under a new Linear-Delivery is a new event.',
});
