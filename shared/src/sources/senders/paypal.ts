import { defineSender } from '../sender.ts';

/** Its signature needs a certificate of PayPal, so it is not checked here. */
export const paypal = defineSender({
  id: 'paypal',
  label: 'PayPal',
  docs: 'https://developer.paypal.com/api/rest/webhooks/',
  seen: [
    { 'header:paypal-transmission-id': true, 'body:event_type': true },
    { 'body:id': /^WH-/, 'body:event_type': true, 'body:resource_type': true },
    { 'body:ipn_track_id': true, 'body:payment_status': true },
  ],
  rules: [
    {
      when: { 'body:ipn_track_id': true },
      key: ['body:txn_id', 'body:payment_status', 'body:txn_type?', 'body:parent_txn_id?'],
    },
    { key: ['body:id'], covers: ['body:event_type', 'body:resource.id'] },
  ],
  needs: 'payload is no event of PayPal: it has no id.',
  retries: 'Sent again up to 25 times in three days, with a new transmission ID, time and signature.',
  recipe: 'Enter the event’s ID (WH-…), not the Transmission ID.',
});
