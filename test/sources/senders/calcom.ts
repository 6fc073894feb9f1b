import type { Examples } from './examples.ts';

const bodyOf = (triggerEvent: string, createdAt: string) => ({
  triggerEvent,
  createdAt,
  payload: { uid: 'bFJeNb2uX8ANpT3JL5EfXw', bookingId: 91, title: '30min between Ann and Bob' },
});
const headers = { 'X-Cal-Signature-256': 'a0b1' };

export const calcom: Examples = {
  source: 'calcom',
  events: [
    {
      first: { headers, body: bodyOf('BOOKING_NO_SHOW_UPDATED', '2026-11-25T09:00:00.000Z') },
      again: { headers, body: bodyOf('BOOKING_NO_SHOW_UPDATED', '2026-11-25T09:00:00.000Z') },
      other: { headers, body: bodyOf('BOOKING_NO_SHOW_UPDATED', '2026-11-25T09:20:00.000Z') },
    },
  ],
  refused: [{ headers, body: bodyOf('PING', '2026-11-25T09:00:00.000Z'), says: 'is a test of Cal.com' }],
};
