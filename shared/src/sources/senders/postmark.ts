import { defineSender } from '../sender.ts';

/** `MessageID` identifies the mail. Its events for delivery, opens and clicks share it. */
export const postmark = defineSender({
  id: 'postmark',
  label: 'Postmark',
  docs: 'https://postmarkapp.com/developer/webhooks/webhooks-overview',
  seen: [
    { 'header:x-pm-webhook-trace-id': true },
    { 'body:RecordType': true, 'body:MessageID': true },
    { 'body:FromFull': true, 'body:MessageID': true, 'body:ToFull': true },
  ],
  rules: [
    { key: ['header:x-pm-webhook-trace-id'] },
    { when: { 'body:RecordType': /^(Bounce|SpamComplaint)$/ }, key: ['body:RecordType', 'body:ID'] },
    {
      when: { 'body:RecordType': true },
      key: [
        'body:RecordType',
        'body:MessageID',
        'body:Recipient',
        'body:ReceivedAt | body:DeliveredAt | body:ChangedAt',
        'body:OriginalLink?',
      ],
    },
    { when: { 'body:FromFull': true }, key: ['body:MessageID'] },
  ],
  needs: 'headers lack X-PM-Webhook-Trace-Id, and the body has no ID and no time of the event.',
  retries: 'Sent again up to ten times in half a day, with another X-PM-Retries-Remaining.',
  recipe: 'Enter the header X-PM-Webhook-Trace-Id; of mails that came in, Message ID.',
});
