import type { Examples } from './examples.ts';

const message = {
  message_id: 1365,
  chat: { id: 1_111_111, type: 'private' },
  text: 'Yes',
  date: 1_764_060_000,
};

export const telegram: Examples = {
  source: 'telegram',
  events: [
    {
      first: { body: { update_id: 10_000, message } },
      again: { body: { update_id: 10_000, message } },
      other: { body: { update_id: 10_001, message: { ...message, message_id: 1366 } } },
    },
    {
      first: { body: { update_id: 10_000, message } },
      again: { body: { update_id: 10_000, message } },
      // An edit keeps the message's ID; two bots may count alike.
      other: { body: { update_id: 10_000, edited_message: message } },
    },
    {
      first: { body: { update_id: 7, callback_query: { id: '4382bfdwdsb323b2d9', data: 'yes' } } },
      again: { body: { update_id: 7, callback_query: { id: '4382bfdwdsb323b2d9', data: 'yes' } } },
      other: { body: { update_id: 7, callback_query: { id: '4382bfdwdsb323b2d0', data: 'yes' } } },
    },
  ],
};
