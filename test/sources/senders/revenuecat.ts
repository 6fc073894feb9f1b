import type { Examples } from './examples.ts';

const bodyOf = (id: string) => ({
  api_version: '1.0',
  event: {
    id,
    type: 'RENEWAL',
    app_user_id: 'user-1',
    transaction_id: '123456789012345',
    event_timestamp_ms: 1_764_060_000_000,
  },
});

export const revenuecat: Examples = {
  source: 'revenuecat',
  events: [
    {
      first: { body: bodyOf('12345678-1234-1234-1234-123456789012') },
      again: { body: bodyOf('12345678-1234-1234-1234-123456789012') },
      other: { body: bodyOf('12345678-1234-1234-1234-123456789013') },
    },
  ],
};
