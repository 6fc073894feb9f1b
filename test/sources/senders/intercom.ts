import type { Examples } from './examples.ts';

const body = {
  type: 'notification_event',
  app_id: 'a86dr8yl',
  id: 'notif_2b6ec9a6-6c32-4bd4-a9d4-a9b7f1f4ac61',
  topic: 'conversation.user.replied',
  delivery_attempts: 1,
  delivery_status: 'pending',
  delivered_at: 0,
  data: { type: 'notification_event_data', item: { type: 'conversation', id: '1' } },
};

export const intercom: Examples = {
  source: 'intercom',
  events: [
    {
      first: { body },
      again: {
        body: { ...body, delivery_attempts: 2, delivery_status: 'retry', delivered_at: 1_764_060_060 },
      },
      other: { body: { ...body, id: 'notif_2b6ec9a6-6c32-4bd4-a9d4-a9b7f1f4ac62' } },
    },
  ],
  refused: [{ body: { ...body, topic: 'ping', id: null }, says: 'is a ping of Intercom' }],
};
