import type { Examples } from './examples.ts';

const bodyOf = (updatedAt: string) => ({
  meta: { event_name: 'subscription_updated', webhook_id: 'a1b2' },
  data: { type: 'subscriptions', id: '1', attributes: { status: 'active', updated_at: updatedAt } },
});
const headers = { 'X-Event-Name': 'subscription_updated', 'X-Signature': 'a0b1' };

export const lemonsqueezy: Examples = {
  source: 'lemonsqueezy',
  events: [
    {
      first: { headers, body: bodyOf('2026-11-25T09:00:00.000000Z') },
      again: { headers, body: bodyOf('2026-11-25T09:00:00.000000Z') },
      other: { headers, body: bodyOf('2026-11-25T09:30:00.000000Z') },
    },
  ],
};
