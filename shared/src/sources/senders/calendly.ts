import { defineSender } from '../sender.ts';

/** `payload.scheduled_event.uri` is the same for all invitees of a group event. */
export const calendly = defineSender({
  id: 'calendly',
  label: 'Calendly',
  docs: 'https://developer.calendly.com/docs/webhooks/overview',
  seen: [
    { 'header:calendly-webhook-signature': true },
    {
      'body:event': /^(invitee|invitee_no_show|routing_form_submission)\./,
      'body:payload.uri': /calendly\.com/,
    },
  ],
  rules: [{ key: ['body:event', 'body:payload.uri', 'body:payload.no_show.uri?'] }],
  needs: 'payload is no event of Calendly: it lacks event or payload.uri.',
  retries: 'Sent again for a day.',
  recipe: 'Enter Event and the invitee’s URI (Payload URI), not the Scheduled Event’s.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha256', encoding: 'hex', signs: '{time}.{body}' },
      ...{ header: 'calendly-webhook-signature', pairs: { mac: 'v1', time: 't' } },
    },
  ],
});
