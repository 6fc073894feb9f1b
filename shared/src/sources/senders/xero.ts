import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** `entropy` is random, and sequences count within the app. */
export const xero = defineSender({
  id: 'xero',
  label: 'Xero',
  docs: 'https://developer.xero.com/documentation/guides/webhooks/overview/',
  seen: [{ 'header:x-xero-signature': true }, { 'body:lastEventSequence': true, 'body:entropy': true }],
  rules: [
    {
      each: [
        {
          of: 'body:events[]',
          key: [
            'item:tenantId',
            'item:eventCategory',
            'item:eventType',
            'item:resourceId',
            'item:eventDateUtc',
          ],
        },
      ],
    },
    {
      when: { 'body:events': true, 'body:events.0': false },
      none: 'holds no events: it is the request by which Xero checks the address. Answer it, and filter it out before this step.',
    },
  ],
  needs: 'payload holds events that lack tenantId, eventType, resourceId or eventDateUtc.',
  retries: 'Sent again for a day.',
  recipe: 'Split the list, and enter each event’s Tenant ID, Category, Type, Resource ID and Date.',
  signatures: [bodyHmac('x-xero-signature', 'base64')],
});
