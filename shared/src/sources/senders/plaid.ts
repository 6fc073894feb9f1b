import { defineSender } from '../sender.ts';

export const plaid = defineSender({
  id: 'plaid',
  label: 'Plaid',
  docs: 'https://plaid.com/docs/api/webhooks/',
  seen: [{ 'body:webhook_type': true, 'body:webhook_code': true }],
  rules: [
    {
      when: { 'body:webhook_code': true },
      none: 'is a ping of Plaid, which names no event: two real ones may be the same, letter by letter. Get what changed from Plaid (transactions/sync, by its cursor). Enter as key each transaction’s ID and state.',
    },
  ],
  needs: 'payload is no webhook of Plaid: it has no webhook_code.',
  retries: 'Sent again for 24 hours; the same ping also means another change.',
  recipe: 'Get what changed by its cursor (transactions/sync), and enter each transaction’s ID and state.',
});
