import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

const CHANGES = 'body:entry[].changes[]';

/** A message and its statuses (sent, delivered, read) share one `wamid`. */
export const whatsapp = defineSender({
  id: 'whatsapp',
  label: 'WhatsApp',
  docs: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview',
  seen: [{ 'body:object': 'whatsapp_business_account' }, { 'body:id': /^wamid\./ }],
  rules: [
    {
      when: { 'body:id': /^wamid\./, 'body:status': true },
      key: ['text:status', 'body:id', 'body:status', 'body:timestamp'],
    },
    { when: { 'body:id': /^wamid\./ }, key: ['text:message', 'body:id'] },
    {
      each: [
        { of: 'body:entry[].changes[].value.messages[]', key: ['text:message', 'item:id'] },
        {
          of: 'body:entry[].changes[].value.statuses[]',
          key: ['text:status', 'item:id', 'item:status', 'item:timestamp'],
        },
        { of: CHANGES, when: { 'item:value.messages': true }, skip: true },
        { of: CHANGES, when: { 'item:value.statuses': true }, skip: true },
        { of: CHANGES, key: ['entry:id', 'item:field', 'hash:item:value'] },
      ],
    },
  ],
  needs: 'payload holds no messages and no statuses of WhatsApp.',
  retries: 'Sent again for up to seven days; events may be grouped anew.',
  recipe:
    'Split the list of messages, or of statuses, and enter each ID (wamid…), of a status with the status.',
  signatures: [bodyHmac('x-hub-signature-256', 'hex', 'sha256=')],
});
