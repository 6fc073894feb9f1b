import { LIMITS } from '@onceonly/shared/limits.ts';
import { rawMember } from './raw-json.ts';
import { count, invalid, tooLarge, type Refusal } from './refusal.ts';

/** The metadata of a request as it was sent, null where there is none, or a refusal where it is too long. */
export function metadataOf(body: { readonly metadata?: unknown }, bodyText: string): string | null | Refusal {
  if (body.metadata === undefined || body.metadata === null) return null;
  const text = rawMember(bodyText, 'metadata') ?? '{}';
  const bytes = Buffer.byteLength(text);
  if (bytes <= LIMITS.metadataBytes) return text;
  const message = `metadata has ${count(bytes)} bytes as JSON; it may have at most ${count(LIMITS.metadataBytes)}.`;
  return invalid('metadata', message, body.metadata, 'too_long');
}

/** The result of a request as it was sent, null where there is none, or a refusal where it is too long. */
export function resultOf(body: { readonly result?: unknown }, bodyText: string): string | null | Refusal {
  if (body.result === undefined || body.result === null) return null;
  const text = rawMember(bodyText, 'result') ?? '{}';
  const bytes = Buffer.byteLength(text);
  if (bytes <= LIMITS.resultBytes) return text;
  return tooLarge(
    'result',
    LIMITS.resultBytes,
    `result has ${count(bytes)} bytes as JSON; it may have at most ${count(LIMITS.resultBytes)}.`,
  );
}
