import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

const OBJECT = ['header:x-wc-webhook-source', 'header:x-wc-webhook-topic', 'body:id'] as const;

/** The id of a delivery is made from the webhook and the second, so two orders in the same second share it. */
export const woocommerce = defineSender({
  id: 'woocommerce',
  label: 'WooCommerce',
  docs: 'https://developer.woocommerce.com/docs/webhooks/',
  seen: [
    { 'header:x-wc-webhook-topic': true, 'header:x-wc-webhook-source': true },
    { 'members:body:': 'webhook_id', 'body:webhook_id': /^\d+$/ },
  ],
  rules: [
    {
      when: { 'members:body:': 'webhook_id' },
      none: 'is the ping that WooCommerce sends when a webhook is saved: it is no event. Filter it out before this step.',
    },
    {
      when: { 'members:body:': 'id' },
      key: [...OBJECT, 'header:x-wc-webhook-delivery-id'],
    },
    { key: [...OBJECT, 'body:date_modified_gmt?', 'hash:body:'] },
  ],
  needs: 'headers lack X-WC-Webhook-Source or X-WC-Webhook-Topic, or the body has no id.',
  retries: 'Not sent again by itself. One change of an order may send order.updated several times.',
  recipe: 'Enter the header X-WC-Webhook-Topic, the ID, and Date Modified (GMT).',
  signatures: [bodyHmac('x-wc-webhook-signature', 'base64')],
  unsigned: 'The headers. A copied body with a new topic or delivery ID counts as a new event.',
});
