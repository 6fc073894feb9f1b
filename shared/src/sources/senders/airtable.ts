import { defineSender } from '../sender.ts';

export const airtable = defineSender({
  id: 'airtable',
  label: 'Airtable',
  docs: 'https://airtable.com/developers/web/api/webhooks-overview',
  seen: [{ 'members:body:': 'base,timestamp,webhook', 'body:base.id': /^app/, 'body:webhook.id': /^ach/ }],
  rules: [
    {
      when: { 'body:base.id': true, 'body:webhook.id': true },
      none: 'is a ping of Airtable, which names no event: it only says that something changed. List the webhook’s payloads by its cursor. Enter as key the webhook’s ID and each baseTransactionNumber.',
    },
  ],
  needs: 'payload is no ping of Airtable: it lacks base and webhook.',
  retries: 'Sent again up to 13 times in a day.',
  recipe:
    'List the payloads of the webhook by its cursor, and enter the webhook’s ID and each Base Transaction Number.',
});
