import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

type Encoding = 'hex' | 'base64';

export const macOf = (hash: 'sha1' | 'sha256', secret: string, text: string, encoding: Encoding): string =>
  createHmac(hash, secret).update(text, 'utf8').digest(encoding);

/** Takes the same time wherever two texts of one length differ. */
export function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether an instant, as a header holds it in that unit, is at most so far from now. */
export function isRecent(
  header: string,
  unitMs: 1 | 1_000,
  { now, maxAgeMs }: { readonly now: number; readonly maxAgeMs: number },
): boolean {
  return /^\d{1,15}$/.test(header) && Math.abs(now - Number(header) * unitMs) <= maxAgeMs;
}
