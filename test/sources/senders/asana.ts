import type { Examples } from './examples.ts';

const headers = { 'X-Hook-Signature': 'a0b1' };
const event = {
  user: { gid: '12345', resource_type: 'user' },
  resource: { gid: '1337', resource_type: 'task' },
  parent: null,
  action: 'changed',
  change: { field: 'assignee', action: 'changed', new_value: { gid: '12345' } },
  created_at: '2026-11-25T09:00:00.000Z',
};
const bodyOf = (...events: object[]) => ({ headers, body: { events } });

export const asana: Examples = {
  source: 'asana',
  events: [
    {
      first: bodyOf(event),
      again: bodyOf(event),
      other: bodyOf({ ...event, change: { field: 'due_on', action: 'changed' } }),
    },
  ],
  refused: [
    { ...bodyOf(), says: 'the heartbeat of Asana' },
    { headers: { 'X-Hook-Secret': 's' }, body: {}, says: 'by which Asana checks the address' },
  ],
  several: [{ ...bodyOf(event, { ...event, action: 'deleted', change: undefined }), holds: 2 }],
};
