import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** `x-hook-uuid` identifies the webhook, not the event. */
export const bitbucket = defineSender({
  id: 'bitbucket',
  label: 'Bitbucket',
  docs: 'https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/',
  seen: [
    { 'header:x-event-key': true, 'header:x-request-uuid': true },
    { 'header:x-event-key': true, 'header:x-request-id': true },
  ],
  rules: [
    {
      when: { 'header:x-event-key': 'diagnostics:ping' },
      none: 'is a ping of Bitbucket, which names no event. Filter it out before this step.',
    },
    { key: ['header:x-request-uuid | header:x-request-id'], covers: ['header:x-event-key'] },
  ],
  needs: 'headers lack X-Request-UUID (X-Request-Id of a Data Center), which names the event.',
  retries: 'Sent again twice, with another X-Attempt-Number.',
  recipe: 'Enter the header X-Request-UUID.',
  signatures: [bodyHmac('x-hub-signature', 'hex', 'sha256=')],
  unsigned: 'The headers: a captured body under a new request ID is a new event.',
});
