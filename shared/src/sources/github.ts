import { isObject, type Json } from '../json.ts';
import { isSame, macOf } from './mac.ts';
import { defineSource } from './source.ts';

/**
 * GitHub: "If you request a redelivery, the X-GitHub-Delivery header will be the same as in the original delivery"; it is
 * the event's id, shared by all webhooks that hear of it. GitHub never redelivers by itself. What a redelivery changes:
 * nothing. Signed: the body, `sha256=` and HMAC-SHA256 in hex (docs.github.com, "Validating webhook deliveries").
 */
export const github = defineSource({
  id: 'github',
  label: 'GitHub',
  docs: 'https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#use-the-x-github-delivery-header',
  needs: { field: 'headers', message: 'headers lack X-GitHub-Delivery, which names the event.' },
  looksLike: ({ header }) => header('x-github-delivery') !== '',
  events: ({ header, body }) => {
    const key = header('x-github-delivery');
    if (key === '') return [];
    const event = contentOf(body);
    const idOf = (name: string): Json | undefined => {
      const about = event[name];
      return isObject(about) ? about['id'] : undefined;
    };
    // What the hooks of a repository, an organization and an app are told alike.
    const covers = {
      event: header('x-github-event'),
      action: event['action'],
      repository: idOf('repository'),
      sender: idOf('sender'),
    };
    return [{ key, covers }];
  },
  signature: {
    header: 'x-hub-signature-256',
    isSigned: ({ header, text }, { secret }) =>
      isSame(header('x-hub-signature-256'), `sha256=${macOf('sha256', secret, text, 'hex')}`),
  },
});

/** A webhook may be set to send a form, whose field `payload` is the JSON. */
function contentOf(body: Json): Readonly<Record<string, Json | undefined>> {
  if (!isObject(body)) return {};
  const { payload } = body;
  if (typeof payload !== 'string') return body;
  try {
    const content: unknown = JSON.parse(payload);
    return isObject(content) ? content : {};
  } catch {
    return {};
  }
}
