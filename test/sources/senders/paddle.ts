import type { Examples } from './examples.ts';

const body = {
  event_id: 'evt_01hv8wptq8987qeep44cyrewp9',
  event_type: 'transaction.completed',
  occurred_at: '2024-04-12T10:18:49.621022Z',
  notification_id: 'ntf_01hv8wptyz0zn5m7k1yrgz4xwy',
  data: { id: 'txn_01hv8wptq8987qeep44cyrewp9', status: 'completed' },
};
const headers = {
  'Paddle-Signature': 'ts=1671552777;h1=eb4d0dc8853be92b7f063b9f3ba5233eb920a09459b6e6b2c26705b4364db151',
};

export const paddle: Examples = {
  source: 'paddle',
  events: [
    {
      first: { headers, body },
      // A replay.
      again: {
        headers: { 'Paddle-Signature': 'ts=1671559977;h1=00' },
        body: { ...body, notification_id: 'ntf_01hv8xreplayed' },
      },
      other: { headers, body: { ...body, event_id: 'evt_01hv8wptq8987qeep44cyrewq0' } },
    },
  ],
};
