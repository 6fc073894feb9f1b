import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/**
 * One action of a merchant has one X-Shopify-Event-Id for all objects and topics that it changes, so it does not identify an event.
 * The headers of newer subscriptions have no `X-`.
 */
export const shopify = defineSender({
  id: 'shopify',
  label: 'Shopify',
  docs: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
  seen: [{ 'header:x-shopify-topic | header:shopify-topic': true }, { 'header:x-shopify-hmac-sha256': true }],
  rules: [
    {
      key: ['header:x-shopify-webhook-id | header:shopify-webhook-id'],
      covers: [
        'header:x-shopify-topic | header:shopify-topic',
        'header:x-shopify-shop-domain | header:shopify-shop-domain',
        'body:admin_graphql_api_id | body:id',
      ],
    },
  ],
  needs: 'headers lack X-Shopify-Webhook-Id, which names the event.',
  retries:
    'Sent again up to eight times in four hours, the same. Another subscription of the topic has another ID.',
  recipe:
    'Enter the header X-Shopify-Webhook-Id; with Shopify’s own trigger, the object’s ID and its Updated At.',
  signatures: [bodyHmac('x-shopify-hmac-sha256 | shopify-hmac-sha256', 'base64')],
  unsigned: 'The headers: a copied body with a new X-Shopify-Webhook-Id counts as a new event.',
});
