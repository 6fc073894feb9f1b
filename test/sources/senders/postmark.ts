import type { Examples } from './examples.ts';

const delivery = {
  RecordType: 'Delivery',
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Recipient: 'john@example.com',
  DeliveredAt: '2026-11-25T09:00:00Z',
};
const traced = (id: string, left: string) => ({
  'X-PM-Webhook-Trace-Id': id,
  'X-PM-Retries-Remaining': left,
});
const bounce = { RecordType: 'Bounce', MessageID: delivery.MessageID, ID: 4_323_372_036_854_775_000 };
const inbound = {
  FromFull: { Email: 'ann@example.com' },
  ToFull: [{ Email: 'hash@inbound.example.com' }],
  MessageID: '22c74902-a0c1-4511-804f-341342852c90',
};

export const postmark: Examples = {
  source: 'postmark',
  events: [
    {
      first: { headers: traced('t1', '10'), body: delivery },
      again: { headers: traced('t1', '9'), body: delivery },
      other: { headers: traced('t2', '10'), body: delivery },
    },
    {
      first: { body: delivery },
      again: { body: delivery },
      other: { body: { ...delivery, Recipient: 'jane@example.com' } },
    },
    { first: { body: bounce }, again: { body: bounce }, other: { body: { ...bounce, ID: 4_323_372 } } },
    {
      first: { body: inbound },
      again: { body: inbound },
      other: { body: { ...inbound, MessageID: '22c74902-a0c1-4511-804f-341342852c91' } },
    },
  ],
};
