import { defineSender } from '../sender.ts';

const ITEM = 'item:NotificationRequestItem';

/**
 * `pspReference` identifies the payment, not the event, and a resend may have a newer `eventDate`. Each item is signed separately,
 * which is not checked here.
 */
export const adyen = defineSender({
  id: 'adyen',
  label: 'Adyen',
  docs: 'https://docs.adyen.com/development-resources/webhooks/',
  seen: [{ 'body:notificationItems.0.NotificationRequestItem': true }],
  rules: [
    {
      each: [
        {
          of: 'body:notificationItems[]',
          key: [
            `${ITEM}.merchantAccountCode`,
            `${ITEM}.eventCode`,
            `${ITEM}.pspReference`,
            `${ITEM}.success`,
          ],
        },
      ],
    },
  ],
  needs: 'payload holds no notifications of Adyen: each has a pspReference and an eventCode.',
  retries: 'Sent again for days until it is accepted; eventDate and content may be newer then.',
  recipe: 'Enter Merchant Account Code, Event Code, PSP Reference and Success.',
});
