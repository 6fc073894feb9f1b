import type { Examples } from './examples.ts';

const headers = { 'x-xero-signature': 'c2lnbmVk' };
const event = {
  resourceUrl: 'https://api.xero.com/api.xro/2.0/Contacts/717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
  resourceId: '717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
  eventDateUtc: '2026-11-25T09:00:00.000',
  eventType: 'UPDATE',
  eventCategory: 'CONTACT',
  tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
};
const bodyOf = (events: object[], entropy = 'S0m3r4Nd0mt3xt') => ({
  headers,
  body: { events, lastEventSequence: 1, firstEventSequence: 1, entropy },
});

export const xero: Examples = {
  source: 'xero',
  events: [
    {
      first: bodyOf([event]),
      again: bodyOf([event], '0th3rt3xt'),
      other: bodyOf([{ ...event, eventDateUtc: '2026-11-25T09:00:05.000' }]),
    },
  ],
  refused: [{ ...bodyOf([]), says: 'by which Xero checks the address' }],
  several: [{ ...bodyOf([event, { ...event, eventType: 'CREATE' }]), holds: 2 }],
};
