import { defineSender } from '../sender.ts';
import { createHmac } from 'node:crypto';
import { isRecent, isSame } from '../signature.ts';

/** `eventId` is not promised to be unique: account, subscription, object and the event's own time stand beside it. */
export const hubspot = defineSender({
  id: 'hubspot',
  label: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs/api/webhooks#webhook-payloads',
  // One by itself is taken too: some platforms split the list.
  seen: [
    {
      'body:0.eventId | body:eventId': true,
      'body:0.portalId | body:portalId': true,
      'body:0.subscriptionType | body:subscriptionType': true,
    },
  ],
  rules: [
    {
      each: [
        {
          of: 'body:[]',
          when: { 'item:subscriptionType': true },
          key: [
            ...([
              'item:portalId',
              'item:subscriptionId | item:subscriptionType',
              'item:eventId',
              'item:occurredAt?',
            ] as const),
            ...(['item:objectId?', 'item:fromObjectId?', 'item:toObjectId?'] as const),
          ],
          covers: ['item:subscriptionType', 'item:propertyName', 'item:propertyValue'],
        },
      ],
    },
  ],
  needs: {
    field: 'payload',
    message:
      'payload holds no events of a HubSpot app: each has an eventId, a portalId and a subscriptionType.',
  },
  retries: 'Sent again up to ten times in a day: attemptNumber is new, and events are grouped anew.',
  recipe: 'Split the list, and enter portalId, subscriptionId, objectId, eventId and occurredAt.',
  signatures: [
    {
      kind: 'code',
      header: 'x-hubspot-signature-v3',
      coversUrl: true,
      isSigned: ({ header, text, url, method }, check) => {
        const time = header('x-hubspot-request-timestamp');
        const expected = (address: string): string =>
          createHmac('sha256', check.secret)
            .update(method.toUpperCase() + address + text + time, 'utf8')
            .digest('base64');
        return (
          isRecent(time, 1, check) &&
          [url, decoded(url)].some((each) => isSame(header('x-hubspot-signature-v3'), expected(each)))
        );
      },
    },
  ],
});

/** HubSpot's guide signs the address with these, and no others, decoded; its library signs it as it is. */
const decoded = (url: string): string =>
  url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) => decodeURIComponent(code));
