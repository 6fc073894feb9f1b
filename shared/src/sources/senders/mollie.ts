import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

export const mollie = defineSender({
  id: 'mollie',
  label: 'Mollie',
  docs: 'https://docs.mollie.com/docs/webhooks',
  seen: [
    { 'members:body:': 'id', 'body:id': /^(?:tr|ord|sub|pl|re|cpt|chb|cst|mdt)_/ },
    { 'body:resource': 'event', 'body:id': /^event_/ },
  ],
  rules: [
    { when: { 'body:resource': 'event' }, key: ['body:id'], covers: ['body:type', 'body:entityId'] },
    {
      when: { 'members:body:': 'id' },
      none: 'is a ping of Mollie, which names no event: it is the same for every change of that payment. Get the payment from Mollie. Enter as key its ID and status.',
    },
  ],
  needs: 'payload is no event of Mollie: it has no id that starts with event_.',
  retries: 'Sent again up to ten times in 26 hours; the same ping also means another status.',
  recipe:
    'Get the payment from Mollie, and enter its ID and Status; where refunds count, the Amount Refunded too.',
  signatures: [bodyHmac('x-mollie-signature', 'hex', 'sha256=')],
});
