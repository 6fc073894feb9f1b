import { defineSender } from '../sender.ts';

/** `update_id` is a counter of one bot, which may be reset. An edited message keeps its id. */
export const telegram = defineSender({
  id: 'telegram',
  label: 'Telegram',
  docs: 'https://core.telegram.org/bots/api#update',
  seen: [
    { 'header:x-telegram-bot-api-secret-token': true },
    { 'body:update_id': /^\d+$/, 'members:body:': /^(\w+,)?update_id(,\w+)?$/ },
  ],
  rules: [
    {
      key: [
        'members:body:',
        'body:update_id',
        'body:message.chat.id | body:edited_message.chat.id | body:channel_post.chat.id | body:callback_query.id?',
        'body:message.message_id | body:edited_message.message_id | body:channel_post.message_id?',
      ],
    },
  ],
  needs: 'payload is no update of Telegram: it has no update_id.',
  retries: 'Sent again a few times.',
  recipe: 'Enter Update ID and the chat’s ID.',
  signatures: [{ kind: 'token', header: 'x-telegram-bot-api-secret-token' }],
});
