import { isSignedByHubspot } from '../hubspot-signature.ts';
import { defineSender } from '../sender.ts';

/** HubSpot does not promise that `eventId` is unique, so account, subscription, object and time are added. */
export const hubspot = defineSender({
  id: 'hubspot',
  label: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs/api/webhooks#webhook-payloads',
  // A single event is accepted too, because some platforms split the list.
  seen: [
    { 'body:0.eventId': true, 'body:0.portalId': true, 'body:0.subscriptionType': true },
    { 'body:eventId': true, 'body:portalId': true, 'body:subscriptionType': true },
  ],
  rules: [
    {
      each: [
        {
          of: 'body:[]',
          when: { 'item:subscriptionType': true },
          key: [
            ...(['item:portalId', 'item:subscriptionId | item:subscriptionType', 'item:eventId'] as const),
            ...(['item:occurredAt?', 'item:objectId?', 'item:fromObjectId?', 'item:toObjectId?'] as const),
          ],
          covers: ['item:subscriptionType', 'item:propertyName', 'item:propertyValue'],
        },
      ],
    },
  ],
  needs: 'payload holds no events of a HubSpot app: each has an eventId, a portalId and a subscriptionType.',
  retries: 'Sent again up to ten times in a day: attemptNumber is new, and events are grouped anew.',
  recipe: 'Split the list, and enter portalId, subscriptionId, objectId, eventId and occurredAt.',
  signatures: [
    { kind: 'code', header: 'x-hubspot-signature-v3', coversUrl: true, isSigned: isSignedByHubspot },
  ],
});
