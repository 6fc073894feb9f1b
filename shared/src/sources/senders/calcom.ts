import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** Its events have no id. Without `createdAt`, a second event of the same kind for a booking would be lost. */
export const calcom = defineSender({
  id: 'calcom',
  label: 'Cal.com',
  docs: 'https://cal.com/docs/core-features/webhooks',
  seen: [
    { 'header:x-cal-signature-256': true, 'body:triggerEvent': true },
    { 'body:triggerEvent': true, 'body:createdAt': true, 'body:payload': true },
  ],
  rules: [
    {
      when: { 'body:triggerEvent': 'PING' },
      none: 'is a test of Cal.com, which names no event. Filter it out before this step.',
    },
    { key: ['body:triggerEvent', 'body:payload.uid | body:payload.bookingId', 'body:createdAt'] },
  ],
  needs: 'payload is no event of Cal.com: it lacks triggerEvent, the booking’s uid or createdAt.',
  retries: 'Its documents do not say.',
  recipe: 'Enter Trigger Event, the booking’s UID and Created At.',
  signatures: [bodyHmac('x-cal-signature-256', 'hex')],
});
