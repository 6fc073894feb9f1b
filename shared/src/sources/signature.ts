import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isSigned as isSignedByStandard } from '../triggers/hook-signature.ts';
import type { Delivery } from './delivery.ts';

/** How a sender signs. The original text is checked, because parsing and writing it again would change it. */
export type Signature = Hmac | Token | StandardWebhooks | Code;

interface InHeader {
  /** The name of the header with the signature, in lower case. Alternative names are separated by ` | `. */
  readonly header: string;
  /** The signature also covers the URL to which the delivery was sent. */
  readonly coversUrl?: true;
}

/** A keyed hash (HMAC) of a text. */
export interface Hmac extends InHeader {
  readonly kind: 'hmac';
  readonly hash: 'sha1' | 'sha256';
  readonly encoding: 'hex' | 'base64';
  /** What is signed: `{body}`, `{url}`, `{method}`, `{time}`, `{header:x}` and text. */
  readonly signs: string;
  /** The text in front of the hash. */
  readonly prefix?: string;
  /** If the header contains `name=value` pairs, such as `t=1,v1=a,v1=b`: the names of the hash and of the time. */
  readonly pairs?: { readonly mac: string; readonly time?: string };
  /** The header with the signed time, if it is a separate one. */
  readonly time?: string;
  /** The unit of the time. */
  readonly unitMs?: 1 | 1_000;
  /** How the secret is encoded. Default: plain text. */
  readonly secret?: 'base64' | 'hex';
}

/** The secret itself is sent. It proves who sends, but does not protect the content. */
interface Token extends InHeader {
  readonly kind: 'token';
}

/** The signature of standardwebhooks.com. The prefix of its headers may vary: `webhook-`, `svix-`. */
interface StandardWebhooks extends InHeader {
  readonly kind: 'standard';
  readonly prefixes: readonly string[];
}

/** A signature that cannot be described by data. */
interface Code extends InHeader {
  readonly kind: 'code';
  /** Whether the holder of the secret sent exactly this and, if the time is signed, recently. Never throws. */
  isSigned(delivery: SignedDelivery, check: SignatureCheck): boolean;
}

export type SignedDelivery = Delivery & { readonly text: string; readonly url: string };

export interface SignatureCheck {
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the signed time may be from now. */
  readonly maxAgeMs: number;
}

/** The most common one: HMAC-SHA256 of the body. */
export const bodyHmac = (header: string, encoding: 'hex' | 'base64', prefix = ''): Hmac => ({
  ...{ kind: 'hmac', hash: 'sha256', signs: '{body}' },
  ...{ header, encoding, prefix },
});

/** The value of the signature header, under whichever of its names it was sent. */
export const signatureIn = ({ header }: InHeader, delivery: Delivery): string =>
  header
    .split(' | ')
    .map(delivery.header)
    .find((value) => value !== '') ?? '';

/** Whether the holder of the secret sent exactly this and, if the time is signed, recently. Never throws. */
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
  // There are several while a secret is being replaced.
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

/** Compares two texts. For texts of the same length, the time does not depend on where they differ. */
export function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether an instant from a header, in this unit, is not too far from now. */
export const isRecent = (
  header: string,
  unitMs: 1 | 1_000,
  { now, maxAgeMs }: Pick<SignatureCheck, 'now' | 'maxAgeMs'>,
): boolean => /^\d{1,15}$/.test(header) && Math.abs(now - Number(header) * unitMs) <= maxAgeMs;
