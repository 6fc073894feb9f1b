import type { Examples } from './examples.ts';

const body = {
  merchant_id: '6SSW7HV8K2ST5',
  type: 'payment.updated',
  event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124',
  created_at: '2026-11-25T09:00:00Z',
  data: { type: 'payment', id: 'KkAkhdMsgzn59SM8A89WgKwekxLZY' },
};
const headers = { 'x-square-hmacsha256-signature': 'c2lnbmVk' };

export const square: Examples = {
  source: 'square',
  events: [
    {
      first: { headers, body },
      again: {
        headers: { ...headers, 'square-retry-number': '1', 'square-retry-reason': 'http_timeout' },
        body,
      },
      other: { headers, body: { ...body, event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78125' } },
    },
  ],
};
