import { isObject, type Json } from '../json.ts';
import { isRecent, isSame, macOf } from './mac.ts';
import { defineSource } from './source.ts';

/**
 * Stripe: an endpoint "might occasionally receive the same event more than once", told by the ids of the events that were
 * processed. What a retry changes: `pending_webhooks`, and the time and so the signature in Stripe-Signature.
 * Signed: `t.body`, HMAC-SHA256 in hex, with the whole secret, `whsec_` included (docs.stripe.com/webhooks/signature).
 */
export const stripe = defineSource({
  id: 'stripe',
  label: 'Stripe',
  docs: 'https://docs.stripe.com/webhooks#handle-duplicate-events',
  needs: {
    field: 'payload',
    message:
      'payload is no Stripe event: it must be the whole event, an object whose id starts with evt_, not the object inside of it.',
  },
  looksLike: ({ body }) =>
    isObject(body) && (body['object'] === 'event' || body['object'] === 'v2.core.event'),
  events: ({ body }) => {
    if (!isObject(body)) return [];
    const { id, type, data, related_object: related, account, context } = body;
    if (typeof id !== 'string' || !id.startsWith('evt_')) return [];
    // Not the object's content: each endpoint gets it as its own API version writes it.
    const about: Json | undefined = isObject(data) && isObject(data['object']) ? data['object'] : related;
    const object = isObject(about) ? about['id'] : undefined;
    return [{ key: id, covers: { type, created: body['created'], account: account ?? context, object } }];
  },
  signature: {
    header: 'stripe-signature',
    isSigned: ({ header, text }, check) => {
      const parts = header('stripe-signature')
        .split(',')
        .map((part) => part.trim().split('=', 2));
      const valuesOf = (name: string): string[] =>
        parts.filter(([each]) => each === name).map(([, value]) => value ?? '');
      const [time = ''] = valuesOf('t');
      const expected = macOf('sha256', check.secret, `${time}.${text}`, 'hex');
      // Several stand there while a secret is being replaced.
      return isRecent(time, 1_000, check) && valuesOf('v1').some((given) => isSame(given, expected));
    },
  },
});
