import type { Examples } from './examples.ts';

const bodyOf = (invitee: string, event = 'invitee.created') => ({
  event,
  created_at: '2026-11-25T09:00:00.000000Z',
  payload: {
    uri: `https://api.calendly.com/scheduled_events/AAAA/invitees/${invitee}`,
    scheduled_event: { uri: 'https://api.calendly.com/scheduled_events/AAAA' },
    email: 'ann@example.com',
  },
});
const headersOf = (time: number) => ({ 'Calendly-Webhook-Signature': `t=${String(time)},v1=a0b1` });

export const calendly: Examples = {
  source: 'calendly',
  events: [
    {
      first: { headers: headersOf(1_764_060_000), body: bodyOf('BBBB') },
      again: { headers: headersOf(1_764_063_600), body: bodyOf('BBBB') },
      // Another invitee of the same group event.
      other: { headers: headersOf(1_764_060_000), body: bodyOf('CCCC') },
    },
    {
      first: { body: bodyOf('BBBB') },
      again: { body: bodyOf('BBBB') },
      other: { body: bodyOf('BBBB', 'invitee.canceled') },
    },
  ],
};
