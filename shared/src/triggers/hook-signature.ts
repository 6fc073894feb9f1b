import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A delivery of a hook, as it was received. */
export interface SignedDelivery {
  /** Names in any case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The original text of the body, not parsed and written again. */
  readonly body: string;
}

export interface SignatureCheck {
  /** The hook's secret, `whsec_…`, with or without its prefix. */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the time of the delivery may be from now. Default: five minutes, as in Standard Webhooks. */
  readonly toleranceMs?: number;
}

const FIVE_MINUTES_MS = 300_000;
/** The prefix is optional, as in the reference library, since some senders show the secret without it. */
const SECRET = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/;

/** Whether the delivery was signed with the secret, recently: version `v1` of Standard Webhooks. It never throws. */
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
  // There are several signatures while a secret is being replaced.
  return header('signature')
    .split(' ')
    .some((each) => each.startsWith('v1,') && isSame(Buffer.from(each.slice(3), 'base64'), expected));
}

const isSame = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);
