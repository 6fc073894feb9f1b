import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isSigned as isSignedByStandard } from '../triggers/hook-signature.ts';
import type { Delivery } from './delivery.ts';

/** How a sender signs. What is checked is the text as it came: parsed and written again, it is another. */
export type Signature = Hmac | Token | StandardWebhooks | Code;

interface InHeader {
  /** The header that holds it, in lower case; ` | ` before another name that it may have. */
  readonly header: string;
  /** The address that it was sent to is signed too. */
  readonly coversUrl?: true;
}

/** A keyed hash of a text. */
export interface Hmac extends InHeader {
  readonly kind: 'hmac';
  readonly hash: 'sha1' | 'sha256';
  readonly encoding: 'hex' | 'base64';
  /** What is signed: `{body}`, `{url}`, `{method}`, `{time}`, `{header:x}` and text. */
  readonly signs: string;
  /** What stands before the hash. */
  readonly prefix?: string;
  /** Where the header holds `name=value` pairs, the names of hash and time: `t=1,v1=a,v1=b`. */
  readonly pairs?: { readonly mac: string; readonly time?: string };
  /** The header of the time that is signed, where it has one of its own. */
  readonly time?: string;
  /** Of the time. */
  readonly unitMs?: 1 | 1_000;
  /** How the secret is to be read; as text if not said. */
  readonly secret?: 'base64' | 'hex';
}

/** The secret itself, sent along: it tells who sends, and covers nothing of the delivery. */
interface Token extends InHeader {
  readonly kind: 'token';
}

/** standardwebhooks.com, whose headers may have another name in front: `webhook-`, `svix-`. */
interface StandardWebhooks extends InHeader {
  readonly kind: 'standard';
  readonly prefixes: readonly string[];
}

/** What data cannot say. */
interface Code extends InHeader {
  readonly kind: 'code';
  /** Whether the holder of the secret sent just this, lately where the sender signs the time. Throws nothing. */
  isSigned(delivery: SignedDelivery, check: SignatureCheck): boolean;
}

export type SignedDelivery = Delivery & { readonly text: string; readonly url: string };

export interface SignatureCheck {
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the time that was signed may be from now. */
  readonly maxAgeMs: number;
}

/** The most common one: HMAC-SHA256 of the body. */
export const bodyHmac = (header: string, encoding: 'hex' | 'base64', prefix = ''): Hmac => ({
  ...{ kind: 'hmac', hash: 'sha256', signs: '{body}' },
  ...{ header, encoding, prefix },
});

/** The signature's header, by whichever of its names is there. */
export const signatureIn = ({ header }: InHeader, delivery: Delivery): string =>
  header
    .split(' | ')
    .map(delivery.header)
    .find((value) => value !== '') ?? '';

/** Whether the holder of the secret sent just this, lately where the sender signs the time. Throws nothing. */
export function isSignedBy(signature: Signature, delivery: SignedDelivery, check: SignatureCheck): boolean {
  switch (signature.kind) {
    case 'hmac':
      return isHmac(signature, delivery, check);
    case 'token':
      return isSame(signatureIn(signature, delivery), check.secret);
    case 'standard':
      return isStandard(signature, delivery, check);
    case 'code':
      return signature.isSigned(delivery, check);
  }
}

function isHmac(signature: Hmac, delivery: SignedDelivery, check: SignatureCheck): boolean {
  const { hash, encoding, signs, prefix = '', pairs, unitMs = 1_000, secret } = signature;
  const given = signatureIn(signature, delivery);
  const valuesOf = (name: string): readonly string[] =>
    given
      .split(/[,;]/)
      .map((pair) => pair.trim())
      .flatMap((pair) => (pair.startsWith(`${name}=`) ? [pair.slice(name.length + 1)] : []));
  const ofTime = signature.time ?? pairs?.time;
  const time =
    signature.time === undefined ? (valuesOf(pairs?.time ?? '')[0] ?? '') : delivery.header(signature.time);
  if (ofTime !== undefined && !isRecent(time, unitMs, check)) return false;
  const text = signs.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => {
    if (name.startsWith('header:')) return delivery.header(name.slice('header:'.length));
    return (
      { body: delivery.text, url: delivery.url, method: delivery.method.toUpperCase(), time }[name] ?? ''
    );
  });
  const key = secret === undefined ? check.secret : Buffer.from(check.secret, secret);
  if (key.length === 0) return false;
  const expected = prefix + createHmac(hash, key).update(text, 'utf8').digest(encoding);
  // Several stand there while a secret is being replaced.
  return (pairs === undefined ? [given] : valuesOf(pairs.mac)).some((each) => isSame(each, expected));
}

function isStandard(
  { prefixes }: StandardWebhooks,
  delivery: SignedDelivery,
  check: SignatureCheck,
): boolean {
  const { secret, now, maxAgeMs } = check;
  const headers = Object.fromEntries(
    ['id', 'timestamp', 'signature'].map((name) => [
      `webhook-${name}`,
      prefixes.map((prefix) => delivery.header(prefix + name)).find((value) => value !== '') ?? '',
    ]),
  );
  return isSignedByStandard({ headers, body: delivery.text }, { secret, now, toleranceMs: maxAgeMs });
}

/** Takes the same time wherever two texts of one length differ. */
export function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether an instant, as a header holds it in that unit, is at most so far from now. */
export const isRecent = (
  header: string,
  unitMs: 1 | 1_000,
  { now, maxAgeMs }: Pick<SignatureCheck, 'now' | 'maxAgeMs'>,
): boolean => /^\d{1,15}$/.test(header) && Math.abs(now - Number(header) * unitMs) <= maxAgeMs;
