import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

export const razorpay = defineSender({
  id: 'razorpay',
  label: 'Razorpay',
  docs: 'https://razorpay.com/docs/webhooks/best-practices',
  seen: [{ 'header:x-razorpay-event-id': true }, { 'header:x-razorpay-signature': true }],
  rules: [{ key: ['header:x-razorpay-event-id'], covers: ['body:event'] }],
  needs: 'headers lack X-Razorpay-Event-Id, which names the event; the body has no ID of it.',
  retries:
    'Sent again for a day. After a change of the secret, what is sent again is still signed with the old one.',
  recipe: 'Enter the header X-Razorpay-Event-Id.',
  signatures: [bodyHmac('x-razorpay-signature', 'hex')],
  unsigned: 'The headers: a captured body under a new event ID is a new event.',
});
