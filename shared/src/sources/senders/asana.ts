import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

const EVENT = ['item:action', 'item:resource.gid', 'item:created_at'] as const;
const KEY = [...EVENT, 'item:user.gid?', 'item:parent.gid?', 'hash:item:change?'] as const;

/** Its events have no id. */
export const asana = defineSender({
  id: 'asana',
  label: 'Asana',
  docs: 'https://developers.asana.com/docs/webhooks-guide',
  seen: [
    { 'header:x-hook-signature': true, 'body:events': true },
    { 'header:x-hook-secret': true },
    { 'body:events.0.resource.gid': true, 'body:events.0.action': true },
  ],
  rules: [
    {
      when: { 'header:x-hook-secret': true },
      none: 'is the request by which Asana checks the address: it is no event. Answer it with its X-Hook-Secret, and filter it out before this step.',
    },
    {
      each: [{ of: 'body:events[]', key: KEY }],
    },
    {
      when: { 'body:events': true, 'body:events.0': false },
      none: 'holds no events: it is the heartbeat of Asana, which comes every eight hours. Filter it out before this step.',
    },
  ],
  needs: 'payload holds no events of Asana: each has an action, a resource.gid and a created_at.',
  retries: 'Sent again for a day; events may be grouped anew.',
  recipe: 'Split the list, and enter each event’s Action, Resource GID and Created At.',
  signatures: [bodyHmac('x-hook-signature', 'hex')],
});
