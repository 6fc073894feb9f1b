import { Buffer } from 'node:buffer';

/**
 * A claim token is `lease.key`, split at the first dot. Two kinds of lease are ours, not the service's: `test_…` from an
 * editor's test, which claimed nothing, and `unprotected_…`, which carries the holder of a run that went on unclaimed.
 */
export type Token =
  | { readonly kind: 'lease'; readonly key: string; readonly leaseId: string }
  | { readonly kind: 'test'; readonly key: string }
  | { readonly kind: 'unprotected'; readonly key: string; readonly holder: string }
  | { readonly kind: 'malformed' };

const TEST = 'test_';
const UNPROTECTED = 'unprotected_';

export const testLease = (id: string): string => TEST + id;

export const unprotectedLease = (holder: string): string =>
  UNPROTECTED + Buffer.from(holder, 'utf8').toString('base64url');

export function readToken(token: string): Token {
  const dot = token.indexOf('.');
  const [lease, key] = [token.slice(0, dot), token.slice(dot + 1)];
  if (dot < 1 || key === '') return { kind: 'malformed' };
  if (lease.startsWith(TEST)) return { kind: 'test', key };
  if (!lease.startsWith(UNPROTECTED)) return { kind: 'lease', key, leaseId: lease };
  return {
    kind: 'unprotected',
    key,
    holder: Buffer.from(lease.slice(UNPROTECTED.length), 'base64url').toString('utf8'),
  };
}
