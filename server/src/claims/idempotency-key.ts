import { hash } from 'node:crypto';

/**
 * A UUID (version-8 layout) that is the same for every attempt at a key, to hand on to APIs that take an idempotency
 * key. Another tenant, key or epoch gives another one.
 */
export function idempotencyKey(tenant: string, key: string, epoch: number): string {
  // A length in front of each text, since either may hold any separator.
  const parts = [tenant.length, ':', tenant, key.length, ':', key, epoch];
  const bytes = hash('sha256', parts.join(''), 'buffer');
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
