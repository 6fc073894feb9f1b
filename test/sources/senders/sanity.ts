import type { Examples } from './examples.ts';

const headersOf = (key: string, document: string) => ({
  'idempotency-key': key,
  'sanity-transaction-id': 'tx1',
  'sanity-document-id': document,
  'sanity-webhook-id': 'wh1',
});
const body = { _id: 'post-1', title: 'Hello' };

export const sanity: Examples = {
  source: 'sanity',
  events: [
    {
      first: { headers: headersOf('k1', 'post-1'), body },
      again: { headers: headersOf('k1', 'post-1'), body },
      // Another document of one transaction.
      other: { headers: headersOf('k2', 'post-2'), body },
    },
  ],
};
