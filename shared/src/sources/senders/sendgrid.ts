import { defineSender } from '../sender.ts';

/** All events of a mail share `sg_message_id`. */
export const sendgrid = defineSender({
  id: 'sendgrid',
  label: 'SendGrid',
  docs: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event',
  seen: [
    { 'body:0.sg_event_id | body:sg_event_id': true },
    { 'body:0.sg_message_id | body:sg_message_id': true, 'body:0.event | body:event': true },
  ],
  rules: [
    {
      each: [
        { of: 'body:[]', key: ['item:sg_event_id'] },
        {
          of: 'body:[]',
          key: [
            'item:event',
            'item:sg_message_id',
            'item:email?',
            'item:timestamp',
            'item:url?',
            'item:attempt?',
          ],
        },
      ],
    },
  ],
  needs: 'payload holds no events of SendGrid: each has an sg_event_id or an sg_message_id.',
  retries: 'Sent again for 24 hours; events may be grouped anew.',
  recipe: 'Split the list, and enter each event’s sg_event_id.',
});
