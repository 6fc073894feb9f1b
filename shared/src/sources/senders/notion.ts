import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

export const notion = defineSender({
  id: 'notion',
  label: 'Notion',
  docs: 'https://developers.notion.com/reference/webhooks-events-delivery',
  seen: [
    { 'body:subscription_id': true, 'body:integration_id': true, 'body:entity': true },
    { 'members:body:': 'verification_token' },
  ],
  rules: [
    {
      when: { 'members:body:': 'verification_token' },
      none: 'is the request by which Notion checks the address: it is no event. Copy its token into Notion, and filter it out before this step.',
    },
    { key: ['body:id'], covers: ['body:type', 'body:entity.id'] },
  ],
  needs: 'payload is no event of Notion: it has no id.',
  retries: 'Sent again up to eight times in a day, with another attempt_number.',
  recipe:
    'Enter the event’s ID. A button or automation of a database names none: enter the page’s ID and Last Edited Time.',
  signatures: [bodyHmac('x-notion-signature', 'hex', 'sha256=')],
});
