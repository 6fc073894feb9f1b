import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** `webhook_id` identifies the subscription, not the event. Events of the same change share its history entry. */
export const clickup = defineSender({
  id: 'clickup',
  label: 'ClickUp',
  docs: 'https://developer.clickup.com/docs/webhooks',
  seen: [{ 'body:webhook_id': true, 'body:event': /^(task|list|folder|space|goal|keyResult)[A-Z]/ }],
  rules: [
    { key: ['body:webhook_id', 'body:event', 'body:history_items.0.id'] },
    { key: ['body:webhook_id', 'body:event', 'hash:body:'] },
  ],
  needs: 'payload is no event of ClickUp: it lacks webhook_id or event.',
  retries: 'Sent again up to five times.',
  recipe: 'Enter Event and the ID of the first of the History Items.',
  signatures: [bodyHmac('x-signature', 'hex')],
});
