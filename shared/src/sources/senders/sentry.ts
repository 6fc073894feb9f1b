import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** If an issue is resolved twice, there are two events. */
export const sentry = defineSender({
  id: 'sentry',
  label: 'Sentry',
  docs: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  seen: [{ 'header:sentry-hook-resource': true }],
  rules: [{ key: ['header:request-id'], covers: ['header:sentry-hook-resource', 'body:action'] }],
  needs: 'headers lack Request-ID, which names the event.',
  retries: 'Not sent again.',
  recipe: 'Enter the header Request-ID.',
  signatures: [bodyHmac('sentry-hook-signature', 'hex')],
  unsigned: 'The headers: a captured body under a new Request-ID is a new event.',
});
