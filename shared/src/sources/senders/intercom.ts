import { defineSender } from '../sender.ts';

/** `data.item.id` identifies the object, not the event. */
export const intercom = defineSender({
  id: 'intercom',
  label: 'Intercom',
  docs: 'https://developers.intercom.com/docs/webhooks/webhook-notifications',
  seen: [{ 'body:type': 'notification_event', 'body:app_id': true }],
  rules: [
    {
      when: { 'body:topic': 'ping' },
      none: 'is a ping of Intercom, which names no event. Filter it out before this step.',
    },
    { key: ['body:app_id', 'body:id'], covers: ['body:topic'] },
  ],
  needs: 'payload is a notification of Intercom that has no id.',
  retries: 'Sent again after a minute, with other delivery_attempts, delivery_status and delivered_at.',
  recipe: 'Enter the notification’s ID (notif_…).',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha1', encoding: 'hex', signs: '{body}' },
      ...{ header: 'x-hub-signature', prefix: 'sha1=' },
    },
  ],
});
