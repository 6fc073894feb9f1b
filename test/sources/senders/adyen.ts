import type { Examples } from './examples.ts';

const itemOf = (eventCode: string, eventDate = '2026-11-25T09:00:00+01:00') => ({
  NotificationRequestItem: {
    amount: { value: 1130, currency: 'EUR' },
    pspReference: '7914073381342284',
    eventCode,
    eventDate,
    merchantAccountCode: 'TestMerchant',
    success: 'true',
  },
});
const bodyOf = (...items: object[]) => ({ body: { live: 'false', notificationItems: items } });

export const adyen: Examples = {
  source: 'adyen',
  events: [
    {
      first: bodyOf(itemOf('AUTHORISATION')),
      again: bodyOf(itemOf('AUTHORISATION', '2026-11-25T09:05:00+01:00')),
      other: bodyOf(itemOf('CAPTURE')),
    },
  ],
  several: [{ ...bodyOf(itemOf('AUTHORISATION'), itemOf('CAPTURE')), holds: 2 }],
};
