import { createHash, createHmac } from 'node:crypto';
import { asText, isObject, type Json } from '../json.ts';
import { isSame, type SignatureCheck, type SignedDelivery } from './signature.ts';

/**
 * Twilio's signature: the HMAC-SHA1, in base64, of the URL and the sorted fields of the form. For JSON it covers only the URL, which
 * then contains the SHA-256 of the body (twilio.com/docs/usage/security).
 */
export function isSignedByTwilio(
  { header, body, text, url }: SignedDelivery,
  { secret }: SignatureCheck,
): boolean {
  const sha256 = /[?&]bodySHA256=([0-9a-f]{64})(?:&|$)/i.exec(url)?.[1];
  if (sha256 !== undefined && !isSame(sha256.toLowerCase(), sha256Of(text))) return false;
  const fields = sha256 === undefined ? fieldsOf(body) : '';
  // Twilio signs the URL with or without its port, independent of what was configured.
  return [url, ...otherPorts(url)].some((each) =>
    isSame(
      header('x-twilio-signature'),
      createHmac('sha1', secret)
        .update(each + fields, 'utf8')
        .digest('base64'),
    ),
  );
}

const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

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

/** The same URL with the default port of its scheme, and without a port. */
function otherPorts(url: string): string[] {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/?#:]+)(?::\d+)?(.*)$/is.exec(url) ?? [];
  if (host === '') return [];
  return [
    `${scheme}${host}${rest}`,
    `${scheme}${host}:${scheme.toLowerCase() === 'https://' ? '443' : '80'}${rest}`,
  ];
}
