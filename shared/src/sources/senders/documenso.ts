import { defineSender } from '../sender.ts';

/** Its events have no id, and `createdAt` is new in each attempt. Only the document stays the same. */
export const documenso = defineSender({
  id: 'documenso',
  label: 'Documenso',
  docs: 'https://docs.documenso.com/developers/webhooks',
  seen: [
    { 'header:x-documenso-secret': true },
    {
      'body:event': /^DOCUMENT_/,
      'body:payload.id': true,
      'body:createdAt': true,
      'body:webhookEndpoint': true,
    },
  ],
  rules: [{ key: ['body:event', 'body:payload.id', 'hash:body:payload'] }],
  needs: 'payload is no Documenso event: it lacks event or payload.id.',
  retries: 'Sent again with a new createdAt.',
  recipe: 'Enter the event, the document’s ID and its Updated At.',
  signatures: [{ kind: 'token', header: 'x-documenso-secret' }],
  unsigned: 'Nothing of the delivery is signed: the secret is sent along, and tells who sends.',
});
