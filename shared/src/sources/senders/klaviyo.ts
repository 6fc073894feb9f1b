import { defineSender } from '../sender.ts';

/** `klaviyo-webhook-id` identifies the subscription, not the event. In a flow, the user defines the body of the webhook. */
export const klaviyo = defineSender({
  id: 'klaviyo',
  label: 'Klaviyo',
  docs: 'https://developers.klaviyo.com/en/docs/working_with_system_webhooks',
  seen: [{ 'header:klaviyo-signature': true }, { 'body:meta.klaviyo_webhook_id': true, 'body:data': true }],
  rules: [
    {
      each: [{ of: 'body:data[]', key: ['body:meta.klaviyo_account_id?', 'item:external_id', 'item:topic'] }],
    },
  ],
  needs: 'payload holds no events of Klaviyo: each has an external_id and a topic.',
  retries: 'Sent again with growing pauses.',
  recipe: 'Split the list, and enter each event’s External ID and Topic.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha256', encoding: 'hex' },
      ...{ header: 'klaviyo-signature', signs: '{body}{header:klaviyo-timestamp}' },
    },
  ],
});
