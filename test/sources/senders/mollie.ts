import type { Examples } from './examples.ts';

const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
const body = {
  resource: 'event',
  id: 'event_GvJ8WHrp5isUdRub9CJyH',
  type: 'payment-link.paid',
  entityId: 'pl_qng5gbbv8NAZ5gpM5ZYgx',
  createdAt: '2024-12-16T15:57:04.0Z',
};

export const mollie: Examples = {
  source: 'mollie',
  events: [
    {
      first: { headers: { 'X-Mollie-Signature': 'sha256=00' }, body },
      again: { headers: { 'X-Mollie-Signature': 'sha256=00' }, body },
      other: {
        headers: { 'X-Mollie-Signature': 'sha256=01' },
        body: { ...body, id: 'event_GvJ8WHrp5isUdRub9CJyI' },
      },
    },
  ],
  refused: [{ headers, body: 'id=tr_d0b0E3EA3v', says: 'Get the payment from Mollie' }],
};
