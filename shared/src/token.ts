import { Buffer } from 'node:buffer';
import { answer, input, join, match, output, type Rule } from './rules.ts';

/**
 * A claim token is a prefix of ours, the lease as the service gave it, a bar, and the key: `claim_LEASE|JOB:KEY`. Leases
 * hold no bar, keys may. Two other prefixes stand before what no service gave: `test_` of an editor's test, which claimed
 * nothing, and `unprotected_`, after which comes the holder of a run that went on unclaimed, in base64url.
 */
const PREFIX = { lease: 'claim_', test: 'test_', unprotected: 'unprotected_' } as const;
const BAR = '|';

export type Token =
  | { readonly kind: 'lease'; readonly key: string; readonly leaseId: string }
  | { readonly kind: 'test'; readonly key: string }
  | { readonly kind: 'unprotected'; readonly key: string; readonly holder: string }
  | { readonly kind: 'malformed' };

/** The token of a claim, from its answer and its output `key`. `previewed` and `unprotected` are words of the client. */
export const TOKEN: Rule = join(
  match(answer('status'), { previewed: PREFIX.test, unprotected: PREFIX.unprotected }, PREFIX.lease),
  answer('lease_id'),
  BAR,
  output('key'),
);

/** What a token that was entered holds; empty text where it is no token. */
export const TOKEN_LEASE: Rule = { before: [{ after: [input('claim_token'), PREFIX.lease] }, BAR] };
export const TOKEN_KEY: Rule = { after: [input('claim_token'), BAR] };

/** Whether a token that was entered comes from a test, by its first characters. */
export const TEST_PREFIX: string = PREFIX.test;

export const tokenOf = (leaseId: string, key: string): string => PREFIX.lease + leaseId + BAR + key;

/** What stands in the place of the lease of a run that went on unprotected. */
export const unprotectedLease = (holder: string): string => Buffer.from(holder, 'utf8').toString('base64url');

export function readToken(token: string): Token {
  const bar = token.indexOf(BAR);
  const [head, key] = [token.slice(0, bar), token.slice(bar + 1)];
  const lease = (prefix: string): string => (head.startsWith(prefix) ? head.slice(prefix.length) : '');
  if (bar < 0 || key === '') return { kind: 'malformed' };
  if (lease(PREFIX.lease) !== '') return { kind: 'lease', key, leaseId: lease(PREFIX.lease) };
  if (lease(PREFIX.test) !== '') return { kind: 'test', key };
  if (lease(PREFIX.unprotected) === '') return { kind: 'malformed' };
  const holder = Buffer.from(lease(PREFIX.unprotected), 'base64url').toString('utf8');
  return { kind: 'unprotected', key, holder };
}
