import { defineSender } from '../sender.ts';

export const twitch = defineSender({
  id: 'twitch',
  label: 'Twitch',
  docs: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  seen: [{ 'header:twitch-eventsub-message-id': true }],
  rules: [
    {
      when: { 'header:twitch-eventsub-message-type': 'webhook_callback_verification' },
      none: 'is the challenge by which Twitch checks the address: it is no event. Answer it with its challenge, before this step.',
    },
    {
      when: { 'header:twitch-eventsub-message-type': 'revocation' },
      none: 'tells that Twitch ended the subscription: it is no event. Filter it out before this step.',
    },
    { key: ['header:twitch-eventsub-message-id'], covers: ['body:subscription.type', 'body:event'] },
  ],
  needs: 'headers lack Twitch-Eventsub-Message-Id, which names the event.',
  retries: 'Sent again with a new Twitch-Eventsub-Message-Retry, time and signature.',
  recipe: 'Enter the header Twitch-Eventsub-Message-Id.',
  signatures: [
    {
      kind: 'hmac',
      header: 'twitch-eventsub-message-signature',
      hash: 'sha256',
      encoding: 'hex',
      prefix: 'sha256=',
      signs: '{header:twitch-eventsub-message-id}{header:twitch-eventsub-message-timestamp}{body}',
    },
  ],
});
