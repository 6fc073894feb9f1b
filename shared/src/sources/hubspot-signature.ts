import { createHmac } from 'node:crypto';
import { isRecent, isSame, type SignatureCheck, type SignedDelivery } from './signature.ts';

/** HubSpot's signature, version 3: the HMAC-SHA256, in base64, of method, URL, body and time. */
export function isSignedByHubspot(
  { header, text, url, method }: SignedDelivery,
  check: SignatureCheck,
): boolean {
  const time = header('x-hubspot-request-timestamp');
  const expected = (address: string): string =>
    createHmac('sha256', check.secret)
      .update(method.toUpperCase() + address + text + time, 'utf8')
      .digest('base64');
  return (
    isRecent(time, 1, check) &&
    [url, decoded(url)].some((each) => isSame(header('x-hubspot-signature-v3'), expected(each)))
  );
}

/** By HubSpot's guide, only these characters are decoded in the signed URL; its library signs the URL as it is. */
const decoded = (url: string): string =>
  url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) => decodeURIComponent(code));
