import { LIMITS } from '@onceonly/shared/limits.ts';
import { createHash } from 'node:crypto';
import { rawMember } from './raw-json.ts';
import { count, invalid, tooLarge, type Refusal } from './refusal.ts';

/** Where the run is, as JSON text for the record; null if the request does not say. */
export function originOf({ origin }: { readonly origin?: object | null }): string | null {
  const given = Object.entries(origin ?? {}).filter(
    ([name, value]) => ORIGIN.includes(name) && value !== null,
  );
  return given.length === 0 ? null : JSON.stringify(Object.fromEntries(given));
}

const ORIGIN = ['platform', 'workflow', 'url'];

/** The metadata of a request as it was sent; null if there is none; a refusal if it is too long. */
export function metadataOf(body: { readonly metadata?: unknown }, bodyText: string): string | null | Refusal {
  if (body.metadata === undefined || body.metadata === null) return null;
  const text = rawMember(bodyText, 'metadata') ?? '{}';
  const bytes = Buffer.byteLength(text);
  if (bytes <= LIMITS.metadataBytes) return text;
  const message = `metadata has ${count(bytes)} bytes as JSON; it may have at most ${count(LIMITS.metadataBytes)}.`;
  return invalid('metadata', message, body.metadata, 'too_long');
}

/** A result as JSON text; null if there is none. */
interface ReadResult {
  readonly sent: string | null;
  /** What is stored. */
  readonly result: string | null;
  readonly resultHash: string | null;
}

interface SentResult {
  readonly result?: unknown;
  readonly result_hash?: string | null;
  readonly truncate_result?: boolean | null;
}

/** Stored instead of a result that is too long, if the request allows it. */
const TRUNCATED = '{"truncated":true}';

/**
 * The result of a request as it was sent. One that is too long is refused. With `truncate_result`, a marker and the hash of the
 * result are stored instead.
 */
export function resultOf(body: SentResult, bodyText: string): ReadResult | Refusal {
  const resultHash = body.result_hash ?? null;
  if (body.result === undefined || body.result === null) return { sent: null, result: null, resultHash };
  const text = rawMember(bodyText, 'result') ?? '{}';
  const bytes = Buffer.byteLength(text);
  if (bytes <= LIMITS.resultBytes) return { sent: text, result: text, resultHash };
  if (body.truncate_result === true) {
    const hash = resultHash ?? createHash('sha256').update(text).digest('hex');
    return { sent: text, result: TRUNCATED, resultHash: hash };
  }
  return tooLarge(
    'result',
    LIMITS.resultBytes,
    `result has ${count(bytes)} bytes as JSON; it may have at most ${count(LIMITS.resultBytes)}.`,
  );
}
