import { createHash } from 'node:crypto';
import { asText, isObject, type Json, type JsonObject } from '../json.ts';
import { hashOf } from './canonical.ts';
import { isSame, macOf } from './mac.ts';
import { defineSource, type SourceEvent } from './source.ts';

/**
 * Twilio: a request that is sent again (connection override `rc`) has the I-Twilio-Idempotency-Token of the first, which
 * Twilio's own kits tell duplicates by (github.com/twilio/twilio-agent-connect-python). Without headers, a message is its SID and status; a call is asked about many
 * times under one SID and status, so all of it counts. Event Streams: "Two events are the same event if they have the same
 * id" (twilio.com/docs/events/faq/at-least-once-delivery).
 * Signed: the address and the form's fields in order, HMAC-SHA1 in base64; for JSON, the address, in which the SHA-256 of
 * the body stands (twilio.com/docs/usage/security).
 */
export const twilio = defineSource({
  id: 'twilio',
  label: 'Twilio',
  docs: 'https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides',
  needs: {
    field: 'payload',
    message: 'payload has no MessageSid or CallSid, and headers no I-Twilio-Idempotency-Token.',
  },
  looksLike: ({ header, body }) =>
    header('i-twilio-idempotency-token') !== '' ||
    header('x-twilio-signature') !== '' ||
    (isObject(body) && /^AC[0-9a-f]{32}$/i.test(textOf(body, 'AccountSid'))) ||
    streamed(body).length > 0,
  events: ({ header, body }) => {
    const stream = streamed(body);
    if (stream.length > 0) return stream;
    const form = isObject(body) ? body : {};
    const key = header('i-twilio-idempotency-token') || sidAndStatus(form);
    return key === '' ? [] : [{ key, covers: { account: form['AccountSid'], about: sidAndStatus(form) } }];
  },
  signature: {
    header: 'x-twilio-signature',
    coversUrl: true,
    isSigned: ({ header, body, text, url }, { secret }) => {
      const sha256 = /[?&]bodySHA256=([0-9a-f]{64})(?:&|$)/i.exec(url)?.[1];
      if (sha256 !== undefined && !isSame(sha256.toLowerCase(), sha256Of(text))) return false;
      const fields = sha256 === undefined ? fieldsOf(body) : '';
      // Twilio signs the address with its port or without, whatever it was given.
      return [url, ...otherPorts(url)].some((each) =>
        isSame(header('x-twilio-signature'), macOf('sha1', secret, each + fields, 'base64')),
      );
    },
  },
});

const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const textOf = (form: JsonObject, name: string): string => {
  const value = form[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

function sidAndStatus(form: JsonObject): string {
  const message = textOf(form, 'MessageSid') || textOf(form, 'SmsSid');
  const status = textOf(form, 'MessageStatus') || textOf(form, 'SmsStatus');
  if (message !== '') return status === '' ? message : `${message}:${status}`;
  const call = textOf(form, 'CallSid');
  return call === '' ? '' : `${call}:${textOf(form, 'CallStatus')}:${hashOf(form).slice(0, 32)}`;
}

/** What Event Streams sends: a list of CloudEvents. */
function streamed(body: Json): readonly SourceEvent[] {
  if (!Array.isArray(body)) return [];
  const events = (body as readonly Json[]).flatMap((each) => {
    if (!isObject(each) || each['specversion'] === undefined) return [];
    const { id, type, source } = each;
    return typeof id === 'string' && /^EZ[0-9a-f]{32}$/i.test(id)
      ? [{ key: id, covers: { type, source } }]
      : [];
  });
  return events.length === body.length ? events : [];
}

function fieldsOf(body: Json): string {
  if (!isObject(body)) return '';
  return Object.keys(body)
    .sort()
    .map((name) => {
      const value = body[name];
      const values = Array.isArray(value) ? [...new Set(value.map(asText))].sort() : [asText(value)];
      return values.map((each) => name + each).join('');
    })
    .join('');
}

/** The same address with the port of its scheme, and without any. */
function otherPorts(url: string): string[] {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/?#:]+)(?::\d+)?(.*)$/is.exec(url) ?? [];
  if (host === '') return [];
  return [
    `${scheme}${host}${rest}`,
    `${scheme}${host}:${scheme.toLowerCase() === 'https://' ? '443' : '80'}${rest}`,
  ];
}
