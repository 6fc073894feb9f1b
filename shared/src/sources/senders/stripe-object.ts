import { defineSender } from '../sender.ts';
import { stripe } from './stripe.ts';

const { docs, needs, signatures } = stripe;

/**
 * Stripe may create two events for one change; this sender gives both the same key. It must be chosen, and is never detected: if an
 * object changes twice in the same way, the second change is lost.
 */
export const stripeObject = defineSender({
  id: 'stripe_object',
  label: 'Stripe, by type and object',
  docs,
  seen: [{ 'text:only where it is chosen': false }],
  rules: [
    {
      when: { 'body:id': /^evt_/ },
      key: ['body:type', 'body:data.object.id | body:related_object.id'],
      covers: ['body:account | body:context'],
    },
  ],
  needs,
  retries:
    'As Stripe; and the second event that Stripe may make for one change has another ID, but the same type and object.',
  recipe:
    'Use it only for types that an object has once, such as checkout.session.completed or invoice.paid. Never use it for types that come again, such as customer.subscription.updated: the second change would be lost.',
  signatures,
  signsAs: stripe.id,
});
