import type { Examples } from './examples.ts';

const event = { topic: 'event:klaviyo.received_email', external_id: '4vQxuAnJzLV', payload: { id: '1' } };
const bodyOf = (events: object[], time = 'Wed, 25 Nov 2026 09:00:00 GMT') => ({
  headers: { 'Klaviyo-Signature': 'a0b1', 'Klaviyo-Timestamp': time, 'Klaviyo-Webhook-Id': '01HF' },
  body: { data: events, meta: { klaviyo_account_id: 'Y8nXZe', klaviyo_webhook_id: '01HF', timestamp: time } },
});

export const klaviyo: Examples = {
  source: 'klaviyo',
  events: [
    {
      first: bodyOf([event]),
      again: bodyOf([event], 'Wed, 25 Nov 2026 09:01:00 GMT'),
      other: bodyOf([{ ...event, external_id: '4vQxuAnJzLW' }]),
    },
  ],
  several: [{ ...bodyOf([event, { ...event, topic: 'event:klaviyo.opened_email' }]), holds: 2 }],
};
