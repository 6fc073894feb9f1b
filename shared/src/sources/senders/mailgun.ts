import { defineSender } from '../sender.ts';

/** It signs only a time and a token. That proves nothing about the content, so it is not checked here. */
export const mailgun = defineSender({
  id: 'mailgun',
  label: 'Mailgun',
  docs: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks',
  seen: [{ 'body:signature.token': true, 'body:event-data.id': true }],
  rules: [{ key: ['body:event-data.id'], covers: ['body:event-data.event'] }],
  needs: 'payload is no event of Mailgun: it has no event-data.id.',
  retries: 'Sent again for eight hours; the signature in the body may be new.',
  recipe: 'Enter the ID of Event Data, not the Message ID, which all events of a mail share.',
});
