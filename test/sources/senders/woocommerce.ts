import type { Examples } from './examples.ts';

const headersOf = (topic: string, delivery: string) => ({
  'X-WC-Webhook-Source': 'https://shop.example.com/',
  'X-WC-Webhook-Topic': topic,
  'X-WC-Webhook-Resource': topic.split('.')[0] ?? '',
  'X-WC-Webhook-Event': topic.split('.')[1] ?? '',
  'X-WC-Webhook-ID': '7',
  'X-WC-Webhook-Delivery-ID': delivery,
});
const order = { id: 727, status: 'processing', date_modified_gmt: '2026-11-25T08:58:00', total: '29.35' };

export const woocommerce: Examples = {
  source: 'woocommerce',
  events: [
    {
      first: { headers: headersOf('order.updated', '7a5f'), body: order },
      again: { headers: headersOf('order.updated', '7a60'), body: order },
      // Two orders of one second share the delivery's id.
      other: { headers: headersOf('order.updated', '7a5f'), body: { ...order, id: 728 } },
    },
    {
      first: { headers: headersOf('product.deleted', '7a5f'), body: { id: 25 } },
      again: { headers: headersOf('product.deleted', '7a5f'), body: { id: 25 } },
      other: { headers: headersOf('customer.deleted', '7a5f'), body: { id: 25 } },
    },
  ],
  refused: [{ body: 'webhook_id=7', says: 'ping that WooCommerce sends' }],
};
