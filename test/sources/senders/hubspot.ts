import { createHmac } from 'node:crypto';
import { sentAt, twenty, type Sender } from './sender.ts';

const SECRET = '11111111-2222-3333-4444-555555555555';
const URL = 'https://hooks.example.com/hubspot';

/** The ids of events are few: HubSpot does not promise that they differ. */
export const events = twenty((event) => ({
  eventId: 100 + (event % 3),
  subscriptionId: 12_345 + (event % 2),
  portalId: 62_515,
  occurredAt: 1_764_060_000_000 + event,
  subscriptionType: event % 2 === 0 ? 'contact.propertyChange' : 'contact.creation',
  objectId: 512 + Math.floor(event / 4),
  ...(event % 2 === 0 && { propertyName: 'lifecyclestage', propertyValue: 'customer' }),
  changeSource: 'CRM_UI',
}));

/** A delivery of these events, in one body. */
export function deliverTogether(numbers: readonly number[], attempt: number) {
  const payload = JSON.stringify(numbers.map((each) => ({ ...events[each], attemptNumber: attempt })));
  const time = String(sentAt(attempt));
  const signature = createHmac('sha256', SECRET).update(`POST${URL}${payload}${time}`).digest('base64');
  return {
    payload,
    url: URL,
    headers: { 'X-HubSpot-Request-Timestamp': time, 'X-HubSpot-Signature-v3': signature },
  };
}

/** A retry counts its attempts, and is signed anew. */
export const hubspot: Sender = {
  source: 'hubspot',
  events,
  secret: SECRET,
  deliver: (event, attempt) => deliverTogether([event], attempt),
};
