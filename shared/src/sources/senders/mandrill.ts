import { defineSender } from '../sender.ts';

/** `_id` identifies the mail. Its events for sending, opens and clicks share it. */
export const mandrill = defineSender({
  id: 'mandrill',
  label: 'Mailchimp Transactional (Mandrill)',
  docs: 'https://mailchimp.com/developer/transactional/docs/webhooks/',
  seen: [
    { 'header:x-mandrill-signature': true },
    { 'body:0.event': true, 'body:0.ts': true, 'body:0._id | body:0.msg': true },
  ],
  jsonIn: 'mandrill_events',
  rules: [
    {
      each: [
        { of: 'body:[]', key: ['item:event', 'item:_id', 'item:ts', 'item:url?', 'item:ip?'] },
        { of: 'body:[]', key: ['item:event', 'item:msg.headers.Message-Id', 'item:ts'] },
        {
          of: 'body:[]',
          key: ['item:type', 'item:action', 'item:reject.email | item:entry.email', 'item:ts'],
        },
      ],
    },
    {
      when: { 'header:x-mandrill-signature': true, 'body:0': false },
      none: 'holds no events: it is the test by which Mandrill checks the address. Filter it out before this step.',
    },
  ],
  needs: 'payload holds events of Mandrill that have no ID.',
  retries: 'Sent again for days; events may be grouped anew.',
  recipe: 'Split the list, and enter each one’s Event, ID, Time, URL and IP.',
});
