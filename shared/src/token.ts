import { Buffer } from 'node:buffer';
import { isObject, type JsonObject } from './json.ts';
import { whyKeyNamesNothing } from './names-nothing.ts';
import { answer, input, join, match, output, type Rule } from './rules.ts';

/**
 * A claim token is `claim_LEASE|JOB:KEY`: a prefix, the lease that the service gave, a bar and the key. A lease consists of the
 * characters that `isLease` accepts, a key of any. Tokens without a lease have other prefixes: `test_` comes from a test in a
 * platform's editor, which claimed nothing. `unprotected_` comes from a run that went on without a claim; then comes the claim
 * that it would have made, as JSON in base64url. `watched_` comes from a run that would have been stopped, but whose step
 * only watches.
 */
const PREFIX = {
  lease: 'claim_',
  test: 'test_',
  unprotected: 'unprotected_',
  watched: 'watched_',
} as const;
const BAR = '|';

/** The claim that an unprotected run sends at its end: its holder, and what the step asked for. */
export type Unclaimed = JsonObject & { readonly holder: string };

export type Token =
  | { readonly kind: 'lease'; readonly key: string; readonly leaseId: string }
  | { readonly kind: 'test' | 'watched'; readonly key: string }
  | { readonly kind: 'unprotected'; readonly key: string; readonly unclaimed: Unclaimed }
  | { readonly kind: 'malformed' };

/** The token of a claim, from its answer and its output `key`. The client itself sets the statuses `previewed` and `unprotected`. */
export const TOKEN: Rule = join(
  match(answer('status'), { previewed: PREFIX.test, unprotected: PREFIX.unprotected }, PREFIX.lease),
  answer('lease_id'),
  BAR,
  output('key'),
);

/** The token of a run that would have been stopped. Nothing can be changed with it. */
export const WATCHED_TOKEN: Rule = join(PREFIX.watched, 'only', BAR, output('key'));

/** The lease and the key of the token that was entered; empty if it is not a token. */
export const TOKEN_LEASE: Rule = { before: [{ after: [input('claim_token'), PREFIX.lease] }, BAR] };
export const TOKEN_KEY: Rule = { after: [input('claim_token'), BAR] };

/** The prefix of a token that comes from a test. */
export const TEST_PREFIX: string = PREFIX.test;

export const tokenOf = (leaseId: string, key: string): string => PREFIX.lease + leaseId + BAR + key;

/** What an unprotected run has in its token instead of a lease. */
export const unprotectedLease = (unclaimed: Unclaimed): string =>
  Buffer.from(JSON.stringify(unclaimed), 'utf8').toString('base64url');

/** Whether a value can be a lease in a token. It must not contain what a mapping or a list puts between several tokens. */
export const isLease = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s,|{}]+$/.test(value);

/** Finds a second token, if several were mapped into one field. */
const FURTHER = new RegExp(`[\\s,;](?:${Object.values(PREFIX).join('|')})[^\\s|]+\\|`);

export function readToken(token: string): Token {
  const bar = token.indexOf(BAR);
  const [head, key] = [token.slice(0, bar), token.slice(bar + 1)];
  const lease = (prefix: string): string => (head.startsWith(prefix) ? head.slice(prefix.length) : '');
  // Nothing is changed with a watched token, so its key may be one that was refused.
  if (bar > 0 && isLease(lease(PREFIX.watched))) return { kind: 'watched', key };
  const isKey = /^\S/.test(key) && !FURTHER.test(key) && whyKeyNamesNothing(key) === null;
  if (bar < 0 || !isKey) return { kind: 'malformed' };
  if (isLease(lease(PREFIX.lease))) return { kind: 'lease', key, leaseId: lease(PREFIX.lease) };
  if (isLease(lease(PREFIX.test))) return { kind: 'test', key };
  const unclaimed = readUnclaimed(lease(PREFIX.unprotected));
  return unclaimed === undefined ? { kind: 'malformed' } : { kind: 'unprotected', key, unclaimed };
}

function readUnclaimed(written: string): Unclaimed | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(written, 'base64url').toString('utf8'));
    return isUnclaimed(read) && unprotectedLease(read) === written ? read : undefined;
  } catch {
    return undefined;
  }
}

const isUnclaimed = (read: unknown): read is Unclaimed =>
  isObject(read) && typeof read['holder'] === 'string' && read['holder'] !== '';
