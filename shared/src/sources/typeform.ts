import { isObject } from '../json.ts';
import { isSame, macOf } from './mac.ts';
import { defineSource } from './source.ts';

/**
 * Typeform: the response's `token` names the submission, for all webhooks of a form and in the Responses API alike;
 * `event_id` is of one webhook. Partial responses share the token of the one that they may become. A delivery that fails
 * is sent again for up to ten hours (typeform.com/developers/webhooks), its body unchanged. Signed: the body, `sha256=` and HMAC-SHA256 in base64
 * (typeform.com/developers/webhooks/secure-your-webhooks).
 */
export const typeform = defineSource({
  id: 'typeform',
  label: 'Typeform',
  docs: 'https://www.typeform.com/developers/webhooks/example-payload/',
  needs: { field: 'payload', message: 'payload is no response of Typeform: it has no form_response.token.' },
  looksLike: ({ body }) =>
    isObject(body) && typeof body['event_type'] === 'string' && isObject(body['form_response']),
  events: ({ body }) => {
    if (!isObject(body) || !isObject(body['form_response'])) return [];
    const { event_type: type, event_id: id } = body;
    const { token, form_id: form, submitted_at: at, answers } = body['form_response'];
    if (typeof token !== 'string' || token === '') return [];
    const isPartial = type === 'form_response_partial';
    return [
      {
        key: isPartial ? `${token}:partial:${typeof id === 'string' ? id : ''}` : token,
        covers: { form, at, answers },
      },
    ];
  },
  signature: {
    header: 'typeform-signature',
    isSigned: ({ header, text }, { secret }) =>
      isSame(header('typeform-signature'), `sha256=${macOf('sha256', secret, text, 'base64')}`),
  },
});
