import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

export const tally = defineSender({
  id: 'tally',
  label: 'Tally',
  docs: 'https://tally.so/help/webhooks',
  seen: [{ 'body:eventType': 'FORM_RESPONSE', 'body:eventId': true, 'body:data.responseId': true }],
  rules: [{ key: ['body:eventId'], covers: ['body:data.responseId'] }],
  needs: 'payload is no response of Tally: it has no eventId.',
  retries: 'Sent again up to five times in a day.',
  recipe: 'Enter Event ID, or Response ID where several webhooks of one form start the same job.',
  signatures: [bodyHmac('tally-signature', 'base64')],
});
