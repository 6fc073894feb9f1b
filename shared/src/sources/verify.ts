import type { Delivery, Fault } from './delivery.ts';
import { sources } from './index.ts';
import type { Sender } from './sender.ts';
import { isSignedBy, signatureIn, type SignatureCheck } from './signature.ts';

/**
 * What a sender signs with (a webhook's secret, an app's, Twilio's auth token), the time now, and how old a signature may
 * be where the sender signs the time.
 */
export type SigningSecret = SignatureCheck;

/** Null where the holder of the secret sent this; otherwise what is wrong. Never tells the secret. */
export function checkSignature(sender: Sender, delivery: Delivery, signing: SigningSecret): Fault | null {
  const { signatures } = sender;
  const { text, url } = delivery;
  if (signatures === undefined) {
    const signers = sources
      .flatMap((each: Sender) => (each.signatures === undefined ? [] : [each.id]))
      .join(', ');
    const message = `source is “${sender.id}”, whose signature cannot be checked; it can for: ${signers}. This delivery may not be from the sender that you expect.`;
    return { field: 'source', message };
  }
  const signature = signatures.find((each) => signatureIn(each, delivery) !== '') ?? signatures[0];
  if (text === null) {
    const message =
      'payload must be the text of the body as it came, so that its signature can be checked: parsed and written again, it is another.';
    return { field: 'payload', message };
  }
  if (signature.coversUrl === true && url === null) {
    const message = `url is missing: ${sender.label} signs the address that it sends to.`;
    return { field: 'url', message };
  }
  const isSigned =
    signing.secret !== '' && isSignedBy(signature, { ...delivery, text, url: url ?? '' }, signing);
  if (isSigned) return null;
  const message = `signing_secret is not what signed this delivery, or that was too long ago; the signature is in the header ${signature.header.replaceAll(' | ', ' or ')}. Nothing was claimed.`;
  return { field: 'signing_secret', message };
}
