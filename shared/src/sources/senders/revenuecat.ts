import { defineSender } from '../sender.ts';

/** The events of renewals share `transaction_id`. */
export const revenuecat = defineSender({
  id: 'revenuecat',
  label: 'RevenueCat',
  docs: 'https://www.revenuecat.com/docs/integrations/webhooks',
  seen: [{ 'body:api_version': true, 'body:event.id': true, 'body:event.type': true }],
  rules: [{ key: ['body:event.id'], covers: ['body:event.type'] }],
  needs: 'payload is no event of RevenueCat: it has no event.id.',
  retries: 'Sent again up to five times, after 5 to 80 minutes.',
  recipe: 'Enter Event ID.',
});
