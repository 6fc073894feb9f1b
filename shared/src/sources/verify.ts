import type { Delivery, Fault } from './delivery.ts';
import { sources } from './index.ts';
import type { Sender } from './sender.ts';
import { isSignedBy, signatureIn, type Signature, type SignatureCheck } from './signature.ts';

/**
 * The secret of a sender (of a webhook or an app, or Twilio's auth token), the current time, and how old a signature may be if the
 * time is signed.
 */
export type SigningSecret = SignatureCheck;

/** The secrets of several senders. */
export interface SigningOfSenders extends Omit<SignatureCheck, 'secret'> {
  /** The secrets by the id of the sender. Each of its secrets is accepted. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  /** Whether to refuse deliveries that are not signed, or whose sender's secret is not known. */
  readonly isRequired: boolean;
}

/** Whether the signature was checked, or why the delivery is refused. If the secret is known, only signed deliveries pass. */
export function checkSigning(
  sender: Sender,
  delivery: Delivery,
  signing: SigningSecret | SigningOfSenders,
): { readonly checked: boolean } | Fault {
  if ('secret' in signing) return checkSignature(sender, delivery, signing) ?? { checked: true };
  const { secrets, isRequired, ...check } = signing;
  const known = secrets.get(signerOf(sender)) ?? [];
  const faults = known.map((secret) => checkSignature(sender, delivery, { ...check, secret }));
  if (faults.includes(null)) return { checked: true };
  const [fault] = faults;
  if (fault) return { ...fault, message: `${fault.message} ${ofConnection(sender)}` };
  if (!isRequired) return { checked: false };
  return sender.signatures === undefined ? unsigned(sender) : unknownSecret(sender);
}

const ofConnection = (sender: Sender): string =>
  `The secret is the one for “${signerOf(sender)}” in the Signing Secrets of the connection. If ${sender.label} did not sign this, as with its own trigger, use a connection without that secret.`;

const unknownSecret = (sender: Sender): Fault => ({
  field: 'require_signature',
  message: `require_signature is Yes, but no signing secret of ${sender.label} is known. On Zapier, add the line “${signerOf(sender)}: SECRET” to Signing Secrets of the connection. Elsewhere, fill in Signing Secret.`,
});

const all: readonly Sender[] = sources;

const signerOf = ({ id, signsAs }: Sender): string => signsAs ?? id;

/** The ids of the senders whose signatures can be checked. */
export const signers = (): readonly string[] =>
  all.flatMap(({ id, signatures }) => (signatures === undefined ? [] : [id]));

/** The id under which the secrets of the sender with this name are kept, in upper or lower case. Undefined if it does not sign. */
export const signerNamed = (name: string): string | undefined => {
  const sender = all.find(({ id, signatures }) => signatures !== undefined && id === name.toLowerCase());
  return sender && signerOf(sender);
};

const unsigned = ({ label }: Sender): Fault => ({
  field: 'source',
  message: `source is “${label}”, whose signature cannot be checked. It can for: ${signers().join(', ')}. This webhook may come from another sender than you expect.`,
});

const TOO_OLD = 'The signature is right, but it was made too long ago. Have the sender send the event again.';

/** Says that the signature is missing, or that it is wrong. */
function mismatch(signature: Signature, delivery: Delivery): string {
  if (signatureIn(signature, delivery) !== '') {
    return "The signature does not match. Check that you pasted this webhook's secret and mapped the raw body.";
  }
  return `The signature is missing: it comes in the header ${signature.header.replaceAll(' | ', ' or ')}. Check that you mapped the webhook's headers.`;
}

/** Null if the holder of the secret sent this; otherwise what is wrong. The message never contains the secret. */
export function checkSignature(sender: Sender, delivery: Delivery, signing: SigningSecret): Fault | null {
  const { signatures } = sender;
  const { text, url } = delivery;
  if (signatures === undefined) return unsigned(sender);
  const signature = signatures.find((each) => signatureIn(each, delivery) !== '') ?? signatures[0];
  if (text === null) {
    const message =
      'payload must be the raw body, as text. A signature can be checked only on the text as it came.';
    return { field: 'payload', message };
  }
  if (signature.coversUrl === true && url === null) {
    const message = `url is missing. ${sender.label} signs the address that it sends to.`;
    return { field: 'url', message };
  }
  const isSigned = (check: SigningSecret): boolean =>
    check.secret !== '' && isSignedBy(signature, { ...delivery, text, url: url ?? '' }, check);
  if (isSigned(signing)) return null;
  const isOld = isSigned({ ...signing, maxAgeMs: Infinity });
  return { field: 'signing_secret', message: isOld ? TOO_OLD : mismatch(signature, delivery) };
}
