import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A delivery of a hook, as it came over the wire. */
export interface SignedDelivery {
  /** Names in any case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The bytes' text, not parsed and written again. */
  readonly body: string;
}

export interface SignatureCheck {
  /** `whsec_…`, as the hook was answered with, or what stands behind that. */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the delivery's time may be from now. Default: five minutes, as Standard Webhooks says. */
  readonly toleranceMs?: number;
}

const FIVE_MINUTES_MS = 300_000;
/** Some senders show it without the prefix, and the reference library takes both. */
const SECRET = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/;

/** Whether the holder of the secret sent just this, lately: Standard Webhooks, `v1`. Throws nothing. */
export function isSigned(
  { headers, body }: SignedDelivery,
  { secret, now, toleranceMs = FIVE_MINUTES_MS }: SignatureCheck,
): boolean {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const header = (name: string): string => {
    const value = named.get(`webhook-${name}`);
    return typeof value === 'string' ? value : '';
  };
  const [id, timestamp] = [header('id'), header('timestamp')];
  const key = SECRET.exec(secret)?.[1];
  if (key === undefined || id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1_000) > toleranceMs) return false;

  const expected = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${id}.${timestamp}.${body}`, 'utf8')
    .digest();
  // Several stand there while a secret is being replaced.
  return header('signature')
    .split(' ')
    .some((each) => each.startsWith('v1,') && isSame(Buffer.from(each.slice(3), 'base64'), expected));
}

const isSame = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);
