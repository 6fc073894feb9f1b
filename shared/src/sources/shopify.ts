import { isObject } from '../json.ts';
import type { Delivery } from './delivery.ts';
import { isSame, macOf } from './mac.ts';
import { defineSource } from './source.ts';

/** The headers of newer subscriptions have no `X-`. */
const read = ({ header }: Delivery, name: string): string =>
  header(`x-shopify-${name}`) || header(`shopify-${name}`);

/**
 * Shopify: "the X-Shopify-Event-Id header and the same value across more than one webhook indicates a duplicate". One
 * event is delivered once for each subscription, and what a merchant does once can be an event of several topics: so the
 * topic is part of the key. X-Shopify-Webhook-Id names one subscription's delivery; it stands in where an old API version
 * sends no event id. What a retry changes: nothing of these. Signed: the body, HMAC-SHA256 in base64.
 */
export const shopify = defineSource({
  id: 'shopify',
  label: 'Shopify',
  docs: 'https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates',
  needs: {
    field: 'headers',
    message: 'headers lack X-Shopify-Topic, or X-Shopify-Event-Id, which names the event.',
  },
  looksLike: (delivery) => read(delivery, 'topic') !== '',
  events: (delivery) => {
    const { body } = delivery;
    const topic = read(delivery, 'topic');
    const id = read(delivery, 'event-id') || read(delivery, 'webhook-id');
    if (topic === '' || id === '') return [];
    const object = isObject(body) ? (body['admin_graphql_api_id'] ?? body['id']) : undefined;
    const key = [topic, read(delivery, 'action'), id].filter((part) => part !== '').join(':');
    return [{ key, covers: { topic, shop: read(delivery, 'shop-domain'), object } }];
  },
  signature: {
    header: 'x-shopify-hmac-sha256',
    isSigned: (delivery, { secret }) =>
      isSame(read(delivery, 'hmac-sha256'), macOf('sha256', secret, delivery.text, 'base64')),
  },
});
