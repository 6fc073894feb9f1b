import type { Examples } from './examples.ts';

const bodyOf = (event: string, ...items: object[]) => ({
  body: { event, task_id: '1vj37mc', webhook_id: '7fa3ec74', history_items: items },
});
const item = { id: '2800763136717140857', field: 'status', date: '1764060000000' };

export const clickup: Examples = {
  source: 'clickup',
  events: [
    // The events of one change share the entry of its history.
    {
      first: bodyOf('taskUpdated', item),
      again: bodyOf('taskUpdated', item),
      other: bodyOf('taskStatusUpdated', item),
    },
    {
      first: bodyOf('taskUpdated', item),
      again: bodyOf('taskUpdated', item),
      other: bodyOf('taskUpdated', { ...item, id: '2800763136717140858' }),
    },
    {
      first: { body: { event: 'taskDeleted', task_id: '1vj37mc', webhook_id: '7fa3ec74' } },
      again: { body: { event: 'taskDeleted', task_id: '1vj37mc', webhook_id: '7fa3ec74' } },
      other: { body: { event: 'taskDeleted', task_id: '1vj37md', webhook_id: '7fa3ec74' } },
    },
  ],
};
