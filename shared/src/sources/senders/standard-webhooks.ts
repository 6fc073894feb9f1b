import { defineSender } from '../sender.ts';

/** All senders that follow the standard, and Svix, whose headers say `svix` instead of `webhook`. Our own hooks are signed this way. */
export const standardWebhooks = defineSender({
  id: 'standard_webhooks',
  label: 'Standard Webhooks (Svix)',
  docs: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-metadata',
  seen: [
    { 'header:webhook-id': true, 'header:webhook-timestamp': true },
    { 'header:svix-id': true, 'header:svix-timestamp': true },
  ],
  rules: [{ key: ['header:webhook-id | header:svix-id'] }],
  needs: 'headers lack webhook-id (or svix-id), which names the event.',
  retries: 'Sent again with a new webhook-timestamp, the time of the attempt, and so a new signature.',
  recipe: 'Enter the header webhook-id, of Svix svix-id.',
  signatures: [
    { kind: 'standard', header: 'webhook-signature | svix-signature', prefixes: ['webhook-', 'svix-'] },
  ],
});
