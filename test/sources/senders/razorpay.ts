import type { Examples } from './examples.ts';

const body = {
  entity: 'event',
  account_id: 'acc_BFQ7uQEaa7j2z7',
  event: 'payment.captured',
  payload: { payment: { entity: { id: 'pay_DESlfW9H8K9uqM', status: 'captured' } } },
  created_at: 1_764_060_000,
};
const headersOf = (id: string) => ({ 'X-Razorpay-Event-Id': id, 'X-Razorpay-Signature': 'a0b1' });

export const razorpay: Examples = {
  source: 'razorpay',
  events: [
    {
      first: { headers: headersOf('E1'), body },
      again: { headers: { ...headersOf('E1'), 'X-Razorpay-Signature': 'b1c2' }, body },
      other: { headers: headersOf('E2'), body },
    },
  ],
  refused: [{ headers: { 'X-Razorpay-Signature': 'a0b1' }, body, says: 'headers lack X-Razorpay-Event-Id' }],
};
