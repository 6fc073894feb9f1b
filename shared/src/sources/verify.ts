import type { Delivery, Fault } from './delivery.ts';
import { sources } from './index.ts';
import type { Source } from './source.ts';

export interface SigningSecret {
  /** What the sender signs with: a webhook's secret, an app's, Twilio's auth token. */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How old a signature may be, where the sender signs the time. */
  readonly maxAgeMs: number;
}

const signers = sources.flatMap((source) => ('signature' in source ? [source.id] : [])).join(', ');

/** Null where the holder of the secret sent this; otherwise what is wrong. Never tells the secret. */
export function checkSignature(source: Source, delivery: Delivery, signing: SigningSecret): Fault | null {
  const { signature } = source;
  const { text, url } = delivery;
  if (signature === undefined) {
    const message = `source is “${source.id}”, whose signature cannot be checked; it can for: ${signers}. This delivery may not be from the sender that you expect.`;
    return { field: 'source', message };
  }
  if (text === null) {
    const message =
      'payload must be the text of the body as it came, so that its signature can be checked: parsed and written again, it is another.';
    return { field: 'payload', message };
  }
  if (signature.coversUrl === true && url === null) {
    const message = `url is missing: ${source.label} signs the address that it sends to.`;
    return { field: 'url', message };
  }
  if (signing.secret !== '' && signature.isSigned({ ...delivery, text, url: url ?? '' }, signing))
    return null;
  const message = `signing_secret is not what signed this delivery, or that was too long ago; the signature is in the header ${signature.header}. Nothing was claimed.`;
  return { field: 'signing_secret', message };
}
