import { isSigned } from '../triggers/signature.ts';
import type { Delivery } from './delivery.ts';
import { defineSource } from './source.ts';

/** Svix and those who send through it put their own name where the standard says `webhook`. */
const read = ({ header }: Delivery, name: string): string =>
  header(`webhook-${name}`) || header(`svix-${name}`);

/**
 * Whoever follows Standard Webhooks, and Svix: the id "remains the same no matter how many times a webhook that has failed
 * is retried". What a retry changes: `webhook-timestamp`, the time of the attempt, and so the signature. The body stays,
 * its own `timestamp` included. Signed: `id.time.body`, as our own hooks are.
 */
export const standardWebhooks = defineSource({
  id: 'standard_webhooks',
  label: 'Standard Webhooks (Svix)',
  docs: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-metadata',
  needs: {
    field: 'headers',
    message: 'headers lack webhook-id (or svix-id), which names the event.',
  },
  looksLike: (delivery) => read(delivery, 'id') !== '' && read(delivery, 'timestamp') !== '',
  events: (delivery) => {
    const key = read(delivery, 'id');
    return key === '' ? [] : [{ key, covers: delivery.body }];
  },
  signature: {
    header: 'webhook-signature',
    isSigned: (delivery, { secret, now, maxAgeMs }) => {
      const headers = Object.fromEntries(
        ['id', 'timestamp', 'signature'].map((name) => [`webhook-${name}`, read(delivery, name)]),
      );
      return isSigned({ headers, body: delivery.text }, { secret, now, toleranceMs: maxAgeMs });
    },
  },
});
