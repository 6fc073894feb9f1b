import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { isObject, type Json } from '../json.ts';

/**
 * The SHA-256, in hex, of the value's canonical JSON (RFC 8785): the order of members, white space and the form of numbers
 * make no difference, everything else does.
 */
export function hashOf(value: Json): string {
  return createHash('sha256')
    .update(canonicalize(wellFormed(value)) ?? '', 'utf8')
    .digest('hex');
}

/** Half characters, which a sender's cut leaves behind, are outside of RFC 8785: each is written out, so that two differ. */
function wellFormed(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return wholeText(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => wellFormed(each) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [wholeText(name), wellFormed(each)]));
}

const wholeText = (text: string): string =>
  text.isWellFormed()
    ? text
    : Array.from(text, (point) =>
        point.isWellFormed() ? point : `\uFFFD${point.charCodeAt(0).toString(16)}`,
      ).join('');
