import type { Examples } from './examples.ts';

const ID = 'wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MTE5MjVBOTE3MDk5QUVFM0YA';
const message = (id: string) => ({
  from: '16505551234',
  id,
  timestamp: '1764060000',
  type: 'text',
  text: { body: 'Yes' },
});
const status = (state: string) => ({
  id: ID,
  status: state,
  timestamp: '1764060000',
  recipient_id: '16505551234',
});
const bodyOf = (value: object, field = 'messages') => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field,
          value: {
            messaging_product: 'whatsapp',
            metadata: { phone_number_id: '106540352242922' },
            ...value,
          },
        },
      ],
    },
  ],
});
const messages = (...ids: string[]) => ({ body: bodyOf({ messages: ids.map(message) }) });

export const whatsapp: Examples = {
  source: 'whatsapp',
  events: [
    { first: messages(ID), again: messages(ID), other: messages(`${ID}B`) },
    {
      first: { body: bodyOf({ statuses: [status('sent')] }) },
      again: { body: bodyOf({ statuses: [status('sent')] }) },
      other: { body: bodyOf({ statuses: [status('read')] }) },
    },
    {
      first: {
        body: bodyOf({ event: 'APPROVED', message_template_id: 5 }, 'message_template_status_update'),
      },
      again: {
        body: bodyOf({ event: 'APPROVED', message_template_id: 5 }, 'message_template_status_update'),
      },
      other: {
        body: bodyOf({ event: 'REJECTED', message_template_id: 5 }, 'message_template_status_update'),
      },
    },
    // Once the list is split.
    { first: { body: message(ID) }, again: messages(ID), other: { body: status('sent') } },
  ],
  several: [
    { ...messages(ID, `${ID}B`), holds: 2 },
    { body: bodyOf({ messages: [message(ID)], statuses: [status('sent')] }), holds: 2 },
  ],
};
