import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

export const quickbooks = defineSender({
  id: 'quickbooks',
  label: 'QuickBooks Online',
  docs: 'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks',
  seen: [{ 'header:intuit-signature': true }, { 'body:eventNotifications.0.realmId': true }],
  rules: [
    {
      each: [
        {
          of: 'body:eventNotifications[].dataChangeEvent.entities[]',
          key: ['eventNotifications:realmId', 'item:name', 'item:id', 'item:operation', 'item:lastUpdated'],
        },
      ],
    },
    { each: [{ of: 'body:[]', when: { 'item:specversion': true }, key: ['item:source', 'item:id'] }] },
  ],
  needs: 'payload holds no changes of QuickBooks: it lacks eventNotifications.',
  retries: 'Sent again after 20, 30 and 50 minutes and later; events may be grouped anew.',
  recipe: 'Split the list, and enter Realm ID and each entity’s Name, ID, Operation and Last Updated.',
  signatures: [bodyHmac('intuit-signature', 'base64')],
});
