import { defineSender } from '../sender.ts';

export const monday = defineSender({
  id: 'monday',
  label: 'Monday.com',
  docs: 'https://developer.monday.com/api-reference/reference/webhooks',
  seen: [{ 'body:event.triggerUuid': true, 'body:event.boardId': true }, { 'members:body:': 'challenge' }],
  rules: [
    {
      when: { 'members:body:': 'challenge' },
      none: 'is the request by which the sender checks the address: it is no event. Answer it with its challenge, and filter it out before this step.',
    },
    { key: ['body:event.triggerUuid'], covers: ['body:event.type', 'body:event.boardId'] },
  ],
  needs: 'payload is no event of monday.com: it has no event.triggerUuid.',
  retries: 'Sent again each minute for half an hour.',
  recipe: 'Enter Trigger UUID.',
});
