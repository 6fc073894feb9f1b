import { defineSender } from '../sender.ts';

/** Its events have no id, and it is not documented whether a resend has the same `x-zm-request-id`. */
export const zoom = defineSender({
  id: 'zoom',
  label: 'Zoom',
  docs: 'https://developers.zoom.us/docs/api/webhooks/',
  seen: [{ 'header:x-zm-signature': true }, { 'body:event_ts': true, 'body:payload.account_id': true }],
  rules: [
    {
      when: { 'body:event': 'endpoint.url_validation' },
      none: 'is the request by which Zoom checks the address: it is no event. Answer it, and filter it out before this step.',
    },
    {
      key: [
        'body:payload.account_id?',
        'body:event',
        'body:event_ts',
        'body:payload.object.uuid | body:payload.object.id',
        'body:payload.object.participant.participant_uuid | body:payload.object.participant.user_id?',
      ],
    },
  ],
  needs: 'payload is no event of Zoom: it lacks event, event_ts or the object’s uuid.',
  retries: 'Sent again after 5, 20 and 60 minutes; the download token may be new.',
  recipe: 'Enter Event, Event TS, the object’s UUID and the participant’s.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha256', encoding: 'hex', signs: 'v0:{time}:{body}', prefix: 'v0=' },
      ...{ header: 'x-zm-signature', time: 'x-zm-request-timestamp' },
    },
  ],
});
