import type { Examples } from './examples.ts';

const headersOf = (id: string, more: Readonly<Record<string, string>> = {}) => ({
  'Twitch-Eventsub-Message-Id': id,
  'Twitch-Eventsub-Message-Retry': '0',
  'Twitch-Eventsub-Message-Type': 'notification',
  'Twitch-Eventsub-Message-Signature': 'sha256=00',
  'Twitch-Eventsub-Message-Timestamp': '2026-11-25T09:00:00.634234626Z',
  'Twitch-Eventsub-Subscription-Type': 'channel.cheer',
  ...more,
});
const body = {
  subscription: {
    id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4',
    type: 'channel.cheer',
    status: 'enabled',
    version: '1',
  },
  event: { is_anonymous: true, user_id: null, broadcaster_user_id: '1337', message: 'pogchamp', bits: 1_000 },
};
const AGAIN = {
  'Twitch-Eventsub-Message-Retry': '1',
  'Twitch-Eventsub-Message-Timestamp': '2026-11-25T09:01:00.6Z',
};
const challenge = { 'Twitch-Eventsub-Message-Type': 'webhook_callback_verification' };

export const twitch: Examples = {
  source: 'twitch',
  events: [
    {
      first: { headers: headersOf('e76c6bd4-55c9-4987-8304-da1588d8988b'), body },
      again: { headers: headersOf('e76c6bd4-55c9-4987-8304-da1588d8988b', AGAIN), body },
      // Two cheers may say the same.
      other: { headers: headersOf('befa7b53-d79d-478f-86b9-120f112b044e'), body },
    },
  ],
  refused: [
    {
      headers: headersOf('a', challenge),
      body: { challenge: 'pogchamp-kappa' },
      says: 'Answer it with its challenge',
    },
  ],
};
