import { defineSender } from '../sender.ts';

const COVERS = [
  'body:type',
  'body:created',
  'body:account | body:context',
  'body:data.object.id | body:related_object.id',
] as const;

/** The content of the object is not used, because each endpoint gets it in the format of its API version. */
export const stripe = defineSender({
  id: 'stripe',
  label: 'Stripe',
  docs: 'https://docs.stripe.com/webhooks#handle-duplicate-events',
  seen: [
    { 'body:object': 'event', 'body:id': /^evt_/ },
    { 'body:object': 'v2.core.event', 'body:id': /^evt_/ },
  ],
  rules: [{ when: { 'body:id': /^evt_/ }, key: ['body:id'], covers: COVERS }],
  needs:
    'payload is no Stripe event: it must be the whole event, an object whose id starts with evt_, not the object inside of it.',
  retries: 'Sent again for up to three days: pending_webhooks, and the time and so the signature, are new.',
  recipe: 'Enter the ID of the event (evt_…), not of the object inside of it.',
  signatures: [
    {
      kind: 'hmac',
      header: 'stripe-signature',
      hash: 'sha256',
      encoding: 'hex',
      signs: '{time}.{body}',
      pairs: { mac: 'v1', time: 't' },
    },
  ],
});
