import { hash } from 'node:crypto';

/**
 * A UUID (version-8 layout) that is the same for every attempt at a key, to hand on to APIs that take an idempotency
 * key. Another tenant, key or epoch gives another one.
 */
export function idempotencyKey(tenant: string, key: string, epoch: number): string {
  // A length in front of each text, since either may hold any separator.
  const parts = [tenant.length, ':', tenant, key.length, ':', key, epoch];
  const hex = hash('sha256', parts.join(''), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
