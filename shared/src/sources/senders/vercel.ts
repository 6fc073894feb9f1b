import { defineSender } from '../sender.ts';

export const vercel = defineSender({
  id: 'vercel',
  label: 'Vercel',
  docs: 'https://vercel.com/docs/webhooks/webhooks-api',
  seen: [{ 'header:x-vercel-signature': true, 'body:type': true, 'body:payload': true }],
  rules: [{ key: ['body:id'], covers: ['body:type'] }],
  needs: 'payload is no event of Vercel: it has no id.',
  retries: 'Sent again for a day.',
  recipe: 'Enter the event’s ID.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha1', encoding: 'hex', signs: '{body}' },
      header: 'x-vercel-signature',
    },
  ],
});
