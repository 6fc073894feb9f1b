import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

const MESSAGE = { of: 'body:entry[].messaging[]' } as const;
const REACTION = ['text:reaction', 'item:reaction.mid', 'item:sender.id', 'item:reaction.action'] as const;
const CHANGE = { of: 'body:entry[].changes[]' } as const;

/** Reactions to a message and its edits share its `mid`. `entry[].time` may be the time of the delivery. */
export const meta = defineSender({
  id: 'meta',
  label: 'Facebook and Instagram (lead ads, Messenger, comments)',
  docs: 'https://developers.facebook.com/docs/graph-api/webhooks/',
  seen: [{ 'body:object': /^(page|instagram|user|permissions)$/, 'body:entry.0.id': true }],
  rules: [
    {
      each: [
        { ...MESSAGE, key: ['text:message', 'item:message.mid', 'item:message.is_echo?'] },
        {
          ...MESSAGE,
          when: { 'item:postback': true },
          key: ['text:postback', 'item:postback.mid | item:timestamp', 'item:sender.id'],
        },
        { ...MESSAGE, key: [...REACTION, 'item:timestamp'] },
        { ...MESSAGE, key: ['text:edit', 'item:message_edit.mid', 'item:message_edit.num_edit'] },
        { ...MESSAGE, key: ['item:sender.id', 'item:recipient.id', 'item:timestamp?', 'hash:item:'] },
        { ...CHANGE, key: ['text:leadgen', 'item:value.leadgen_id'] },
        { ...CHANGE, key: ['entry:id', 'item:field', 'hash:item:value'] },
      ],
    },
  ],
  needs: 'payload holds no messages and no changes of Facebook or Instagram.',
  retries: 'Sent again for 36 hours; events may be grouped anew.',
  recipe: 'Split the list, and enter each one’s Leadgen ID, or the Message ID (mid).',
  signatures: [bodyHmac('x-hub-signature-256', 'hex', 'sha256=')],
});
