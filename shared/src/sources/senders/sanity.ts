import { defineSender } from '../sender.ts';

/** All documents of a transaction share its id. Its signature has an encoding that is not supported here. */
export const sanity = defineSender({
  id: 'sanity',
  label: 'Sanity',
  docs: 'https://www.sanity.io/docs/webhooks',
  seen: [{ 'header:sanity-webhook-id': true }, { 'header:sanity-transaction-id': true }],
  rules: [{ key: ['header:idempotency-key'], covers: ['header:sanity-document-id'] }],
  needs: 'headers lack Idempotency-Key, which names the event.',
  retries: 'Sent again twice, after 30 seconds.',
  recipe: 'Enter the header Idempotency-Key.',
});
