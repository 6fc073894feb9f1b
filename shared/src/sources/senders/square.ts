import { defineSender } from '../sender.ts';

export const square = defineSender({
  id: 'square',
  label: 'Square',
  docs: 'https://developer.squareup.com/docs/webhooks/step4manage',
  seen: [
    { 'header:x-square-hmacsha256-signature': true },
    { 'body:merchant_id': true, 'body:event_id': true, 'body:type': true },
  ],
  rules: [{ key: ['body:event_id'], covers: ['body:type', 'body:data.id'] }],
  needs: 'payload is no event of Square: it has no event_id.',
  retries: 'Sent again up to 11 times in a day, with the number of the retry in a header.',
  recipe: 'Enter the Event ID.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha256', encoding: 'base64' },
      ...{ header: 'x-square-hmacsha256-signature', signs: '{url}{body}', coversUrl: true },
    },
  ],
});
