import type { Examples } from './examples.ts';

const event = {
  email: 'example@test.com',
  timestamp: 1_764_060_000,
  'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
  event: 'delivered',
  category: ['cat facts'],
  sg_event_id: 'rWVYmVk90MjZJ9iohOBa3w==',
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
  response: '250 OK',
};
const other = { ...event, event: 'open', sg_event_id: 'ZGVsaXZlcmVkLTAtMTg2NjU1NDQ=' };
/** Group unsubscribes may lack the id. */
const unnamed = { ...event, sg_event_id: undefined };

export const sendgrid: Examples = {
  source: 'sendgrid',
  events: [
    { first: { body: [event] }, again: { body: [event] }, other: { body: [other] } },
    // Once the list is split.
    { first: { body: event }, again: { body: [event] }, other: { body: other } },
    {
      first: { body: [unnamed] },
      again: { body: [unnamed] },
      other: { body: [{ ...unnamed, event: 'open' }] },
    },
  ],
  several: [{ body: [event, other], holds: 2 }],
};
