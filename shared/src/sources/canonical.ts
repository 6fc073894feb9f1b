import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { isObject, type Json } from '../json.ts';

/**
 * The SHA-256, in hex, of the value's canonical JSON (RFC 8785). The order of members, white space and the notation of numbers
 * make no difference.
 */
export function hashOf(value: Json): string {
  return createHash('sha256')
    .update(canonicalize(wellFormed(value)) ?? '', 'utf8')
    .digest('hex');
}

/** Escapes lone surrogates, which a sender that cuts text leaves behind. RFC 8785 does not cover them, and they must stay different. */
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
