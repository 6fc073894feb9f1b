import { Buffer } from 'node:buffer';
import { isObject, type JsonObject } from './json.ts';
import { whyKeyNamesNothing } from './names-nothing.ts';
import { answer, input, join, match, output, type Rule } from './rules.ts';

/**
 * A claim token is a prefix of ours, the lease as the service gave it, a bar, and the key: `claim_LEASE|JOB:KEY`. Leases
 * are of the characters that `isLease` takes, keys of any. Three other prefixes stand before what no service gave: `test_` of an
 * editor's test, which claimed nothing; `unprotected_`, after which comes, as JSON in base64url, what a run that went on
 * unclaimed would have claimed with; and `watched_` of a run that would have been stopped, and went on since its step only
 * watches.
 */
const PREFIX = {
  lease: 'claim_',
  test: 'test_',
  unprotected: 'unprotected_',
  watched: 'watched_',
} as const;
const BAR = '|';

/** What of a claim is still to be sent when its run ends: who it is, and what the step asked for. */
export type Unclaimed = JsonObject & { readonly holder: string };

export type Token =
  | { readonly kind: 'lease'; readonly key: string; readonly leaseId: string }
  | { readonly kind: 'test' | 'watched'; readonly key: string }
  | { readonly kind: 'unprotected'; readonly key: string; readonly unclaimed: Unclaimed }
  | { readonly kind: 'malformed' };

/** The token of a claim, from its answer and its output `key`. `previewed` and `unprotected` are words of the client. */
export const TOKEN: Rule = join(
  match(answer('status'), { previewed: PREFIX.test, unprotected: PREFIX.unprotected }, PREFIX.lease),
  answer('lease_id'),
  BAR,
  output('key'),
);

/** The token of a run that would have been stopped: nothing is changed with it. */
export const WATCHED_TOKEN: Rule = join(PREFIX.watched, 'only', BAR, output('key'));

/** What a token that was entered holds; empty text where it is no token. */
export const TOKEN_LEASE: Rule = { before: [{ after: [input('claim_token'), PREFIX.lease] }, BAR] };
export const TOKEN_KEY: Rule = { after: [input('claim_token'), BAR] };

/** Whether a token that was entered comes from a test, by its first characters. */
export const TEST_PREFIX: string = PREFIX.test;

export const tokenOf = (leaseId: string, key: string): string => PREFIX.lease + leaseId + BAR + key;

/** What stands in the place of the lease of a run that went on unprotected. */
export const unprotectedLease = (unclaimed: Unclaimed): string =>
  Buffer.from(JSON.stringify(unclaimed), 'utf8').toString('base64url');

/** Whether a lease can stand in a token: what a mapping or a list puts between several tokens is never part of one. */
export const isLease = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s,|{}]+$/.test(value);

/** Where several tokens were mapped into one field. */
const FURTHER = new RegExp(`[\\s,;](?:${Object.values(PREFIX).join('|')})[^\\s|]+\\|`);

export function readToken(token: string): Token {
  const bar = token.indexOf(BAR);
  const [head, key] = [token.slice(0, bar), token.slice(bar + 1)];
  const lease = (prefix: string): string => (head.startsWith(prefix) ? head.slice(prefix.length) : '');
  // Nothing is changed with it, so that any key will do: also one that was refused.
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
