import { defineSender } from '../sender.ts';

export const paddle = defineSender({
  id: 'paddle',
  label: 'Paddle',
  docs: 'https://developer.paddle.com/webhooks/overview',
  seen: [{ 'header:paddle-signature': true }, { 'body:event_id': /^evt_/, 'body:notification_id': /^ntf_/ }],
  rules: [{ key: ['body:event_id'], covers: ['body:event_type', 'body:occurred_at', 'body:data.id'] }],
  needs: 'payload is no Paddle event: it has no event_id.',
  retries:
    'Sent again up to 60 times in three days, with a new signature; a replay has a new notification_id too.',
  recipe: 'Enter the Event ID (evt_…), not the Notification ID.',
  signatures: [
    {
      kind: 'hmac',
      header: 'paddle-signature',
      hash: 'sha256',
      encoding: 'hex',
      signs: '{time}:{body}',
      pairs: { mac: 'h1', time: 'ts' },
    },
  ],
});
