import type { Examples } from './examples.ts';

const headers = { 'intuit-signature': 'c2lnbmVk' };
const entity = { name: 'Customer', id: '1', operation: 'Create', lastUpdated: '2026-11-25T09:00:00.000Z' };
const bodyOf = (...entities: object[]) => ({
  headers,
  body: { eventNotifications: [{ realmId: '1185883450', dataChangeEvent: { entities } }] },
});
const event = {
  specversion: '1.0',
  id: '88cd52aa-33b6-4351-9aa4-47572edbd068',
  source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=',
  type: 'qbo.invoice.created.v1',
  intuitentityid: '1234',
};

export const quickbooks: Examples = {
  source: 'quickbooks',
  events: [
    {
      first: bodyOf(entity),
      again: { ...bodyOf(entity), headers: { 'intuit-signature': 'YW5ldw==' } },
      other: bodyOf({ ...entity, lastUpdated: '2026-11-25T09:00:05.000Z' }),
    },
    {
      first: { headers, body: [event] },
      again: { headers, body: [event] },
      other: { headers, body: [{ ...event, id: '88cd52aa-33b6-4351-9aa4-47572edbd069' }] },
    },
  ],
  several: [{ ...bodyOf(entity, { ...entity, id: '2' }), holds: 2 }],
};
