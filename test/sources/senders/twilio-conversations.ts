import type { Examples } from './examples.ts';

const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': 'a' };
const form = (type: string, more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    AccountSid: `AC${'0'.repeat(32)}`,
    EventType: type,
    ConversationSid: `CH${'1'.repeat(32)}`,
    MessageSid: `IM${'2'.repeat(32)}`,
    Index: '3',
    ...more,
  }).toString();

/** Without the token: an event of a message has the message's SID, whatever happened to it. */
export const twilioConversations: Examples = {
  source: 'twilio',
  events: [
    {
      first: { headers, body: form('onMessageAdded') },
      again: { headers: { ...headers, 'X-Twilio-Signature': 'b' }, body: form('onMessageAdded') },
      other: { headers, body: form('onMessageUpdated') },
    },
    {
      first: { headers, body: form('onMessageUpdated', { DateUpdated: '2026-11-25T09:00:00Z' }) },
      again: { headers, body: form('onMessageUpdated', { DateUpdated: '2026-11-25T09:00:00Z' }) },
      other: { headers, body: form('onMessageUpdated', { DateUpdated: '2026-11-25T09:00:01Z' }) },
    },
  ],
};
