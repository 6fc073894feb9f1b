import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

const COVERS = [
  'body:form_response.form_id',
  'body:form_response.submitted_at',
  'body:form_response.answers',
] as const;

/** `event_id` belongs to one webhook. A partial response has the same token as the complete one that may follow. */
export const typeform = defineSender({
  id: 'typeform',
  label: 'Typeform',
  docs: 'https://www.typeform.com/developers/webhooks/example-payload/',
  seen: [{ 'body:event_type': true, 'body:form_response.token': true }],
  rules: [
    {
      when: { 'body:event_type': 'form_response_partial' },
      key: ['body:form_response.token', 'text:partial', 'body:event_id'],
      covers: COVERS,
    },
    { key: ['body:form_response.token'], covers: COVERS },
  ],
  needs: 'payload is no response of Typeform: it has no form_response.token.',
  retries: 'Sent again for up to ten hours, the same.',
  recipe: 'Enter the response’s Token.',
  signatures: [bodyHmac('typeform-signature', 'base64', 'sha256=')],
});
