import { defineSender } from '../sender.ts';

/** `x-zendesk-webhook-id` identifies the webhook, not the event. */
export const zendesk = defineSender({
  id: 'zendesk',
  label: 'Zendesk',
  docs: 'https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request',
  seen: [
    { 'header:x-zendesk-webhook-id': true },
    { 'body:account_id': true, 'body:type': /^zen:event-type:/, 'body:id': true },
  ],
  rules: [
    {
      when: { 'body:type': /^zen:event-type:/ },
      key: ['body:account_id', 'body:type', 'body:id'],
    },
    { key: ['header:x-zendesk-webhook-invocation-id'] },
  ],
  needs: 'headers lack X-Zendesk-Webhook-Invocation-Id, and the body is no event with an id.',
  retries: 'Sent again up to five times after time-outs; the invocation ID should stay.',
  recipe: 'Enter the event’s ID; of triggers and automations the header X-Zendesk-Webhook-Invocation-Id.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha256', encoding: 'base64' },
      header: 'x-zendesk-webhook-signature',
      signs: '{header:x-zendesk-webhook-signature-timestamp}{body}',
    },
  ],
});
