import type { Examples } from './examples.ts';

const headersOf = (invocation: string) => ({
  'X-Zendesk-Webhook-Id': '01GQ',
  'X-Zendesk-Webhook-Invocation-Id': invocation,
  'X-Zendesk-Webhook-Signature-Timestamp': '2026-11-25T09:00:00Z',
});
const body = {
  account_id: 22_129_848,
  id: '2b24ef10-19d3-4740-93cf-8f98ec4776c0',
  type: 'zen:event-type:ticket.created',
  time: '2026-11-25T09:00:00Z',
};

export const zendesk: Examples = {
  source: 'zendesk',
  events: [
    {
      first: { headers: headersOf('i1'), body },
      again: { headers: headersOf('i1'), body },
      other: { headers: headersOf('i2'), body: { ...body, id: '2b24ef10-19d3-4740-93cf-8f98ec4776c1' } },
    },
    // A trigger's body is the user's own.
    {
      first: { headers: headersOf('i1'), body: { ticket: '35' } },
      again: { headers: headersOf('i1'), body: { ticket: '35' } },
      other: { headers: headersOf('i2'), body: { ticket: '35' } },
    },
  ],
};
