import type { Examples } from './examples.ts';

const body = {
  id: 'ev_HwqE2wPNy5nOrCuv',
  occurred_at: 1_764_060_000,
  event_type: 'subscription_created',
  webhook_status: 'scheduled',
  webhooks: [{ id: 'whv2_6oZfZDRtCDQ4', webhook_status: 'scheduled' }],
  content: { subscription: { id: 'HwqE2wPNy5nMxLus' } },
};

export const chargebee: Examples = {
  source: 'chargebee',
  events: [
    {
      first: { body },
      again: {
        body: {
          ...body,
          webhook_status: 're_scheduled',
          webhooks: [{ id: 'whv2_6oZfZDRtCDQ4', webhook_status: 're_scheduled' }],
        },
      },
      other: { body: { ...body, id: 'ev_HwqE2wPNy5nOrCuw' } },
    },
  ],
};
