import { asText, isObject, type Json, type JsonObject } from '../json.ts';
import { isRecent, isSame, macOf } from './mac.ts';
import { defineSource } from './source.ts';

/**
 * HubSpot sends up to 100 events in one body, and what was not answered with success again, up to ten times within a day,
 * grouped anew. `eventId` is "not guaranteed to be unique", so account, subscription, object and the event's own time
 * stand beside it. What a retry changes: `attemptNumber`, and which events share a body.
 * Signed (version 3): method, address, body and time, HMAC-SHA256 in base64
 * (developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation).
 */
export const hubspot = defineSource({
  id: 'hubspot',
  label: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs/api/webhooks#webhook-payloads',
  needs: {
    field: 'payload',
    message:
      'payload holds no events of a HubSpot app: each has an eventId, a portalId and a subscriptionType.',
  },
  looksLike: ({ body }) => eventsOf(body).length > 0,
  events: ({ body }) =>
    eventsOf(body).map((event) => {
      const { portalId, subscriptionId, subscriptionType, eventId, occurredAt } = event;
      const object = event['objectId'] ?? joined('>', event['fromObjectId'], event['toObjectId']);
      return {
        key: joined('-', portalId, subscriptionId ?? subscriptionType, object, eventId, occurredAt),
        covers: { subscriptionType, name: event['propertyName'], value: event['propertyValue'] },
      };
    }),
  signature: {
    header: 'x-hubspot-signature-v3',
    coversUrl: true,
    isSigned: ({ header, text, url, method }, check) => {
      const time = header('x-hubspot-request-timestamp');
      const expected = (address: string): string =>
        macOf('sha256', check.secret, method.toUpperCase() + address + text + time, 'base64');
      return (
        isRecent(time, 1, check) &&
        [url, decoded(url)].some((each) => isSame(header('x-hubspot-signature-v3'), expected(each)))
      );
    },
  },
});

const joined = (by: string, ...values: (Json | undefined)[]): string => values.map(asText).join(by);

/** None unless all are HubSpot's. One by itself is taken too: some platforms split the list. */
function eventsOf(body: Json): readonly JsonObject[] {
  const items: readonly Json[] = Array.isArray(body) ? (body as readonly Json[]) : [body];
  const events = items.filter(
    (each): each is JsonObject =>
      isObject(each) &&
      ['eventId', 'portalId', 'subscriptionType'].every((name) =>
        ['string', 'number'].includes(typeof each[name]),
      ),
  );
  return events.length === items.length ? events : [];
}

const ENCODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** HubSpot's guide signs the address with these, and no others, decoded; its library signs it as it is. */
const decoded = (url: string): string =>
  url.replace(/%[0-9A-F]{2}/gi, (code) => ENCODED[code.toUpperCase()] ?? code);
