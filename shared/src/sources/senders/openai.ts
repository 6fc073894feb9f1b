import { defineSender } from '../sender.ts';

/** Its events look like Stripe's, except for `created_at` and for `data`, which does not contain an `object`. */
export const openai = defineSender({
  id: 'openai',
  label: 'OpenAI',
  docs: 'https://platform.openai.com/docs/guides/webhooks',
  seen: [
    { 'header:webhook-id': true, 'body:object': 'event', 'body:id': /^evt_/ },
    {
      'body:object': 'event',
      'body:id': /^evt_/,
      'body:created_at': true,
      'body:data.id': true,
      'body:data.object': false,
    },
  ],
  rules: [{ key: ['body:id'], covers: ['body:type', 'body:created_at', 'body:data.id'] }],
  needs: 'payload is no OpenAI event: it has no id.',
  retries: 'Sent again for up to 72 hours: webhook-timestamp, and so the signature, are new.',
  recipe: 'Enter the ID of the event (evt_…), or the header webhook-id.',
  signatures: [{ kind: 'standard', header: 'webhook-signature', prefixes: ['webhook-'] }],
});
