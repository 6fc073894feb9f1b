import Stripe from 'stripe';
import { idOf, seconds, sentAt, twenty, type Sender } from './sender.ts';

const TYPES = [
  'payment_intent.succeeded',
  'invoice.paid',
  'charge.refunded',
  'customer.subscription.deleted',
];
const SECRET = 'whsec_5f8d2b7c9e1a4f60b3c2d1e0f9a8b7c6';
const library = new Stripe('sk_test_none');

/** The object twice in a row is another event: it changed again. */
const events = twenty((event) => ({
  id: idOf('evt_1N3T00LkdIwHu7', event),
  object: 'event',
  api_version: '2026-10-29',
  created: 1_764_060_000 + Math.floor(event / 2),
  type: TYPES[event % TYPES.length],
  livemode: true,
  data: { object: { id: idOf('pi_3N3T00LkdIwHu7', event % 8), object: 'payment_intent', amount: 4_200 } },
  request: { id: idOf('req_', event, 14), idempotency_key: null },
}));

/** A retry is signed anew, and other endpoints have answered meanwhile. */
export const stripe: Sender = {
  source: 'stripe',
  events,
  secret: SECRET,
  deliver: (event, attempt) => {
    const payload = JSON.stringify({ ...events[event], pending_webhooks: Math.max(1, 3 - attempt) }, null, 2);
    const timestamp = sentAt(attempt) / 1_000;
    const signature = library.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp });
    return { payload, headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature } };
  },
  accepts: ({ payload, headers }, secret, attempt) => {
    const now = Number(seconds(attempt)) * 1_000;
    const signature = headers['Stripe-Signature'] ?? '';
    try {
      library.webhooks.constructEvent(payload, signature, secret, 300, undefined, now);
      return true;
    } catch {
      return false;
    }
  },
};
