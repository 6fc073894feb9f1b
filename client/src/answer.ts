import { LIMITS } from '@onceonly/shared/limits.ts';

/** An answer of HTTP. */
export interface Answer {
  readonly status: number;
  /** A name may come several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null: it cannot be kept, since it is a stream, or too large. */
  readonly body: Uint8Array | null;
}

/** A body as JSON. */
export interface KeptBody {
  /** Null where it was not kept, or there is none. */
  readonly body: string | null;
  readonly encoding: 'text' | 'base64';
}

/** As much of an answer as is kept, as JSON. */
export interface Kept extends KeptBody {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Those of the connection, which the next answer has of its own; and cookies: a session belongs to who was first given it. */
const OF_ONE_ANSWER = [
  ...['connection', 'content-length', 'date', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade'],
  'set-cookie',
];
/** Refusals that have to do with the moment, or with who asks, and not with what is asked. */
const OF_THE_MOMENT = [401, 403, 407, 408, 409, 425, 429];

/** No answer up to this many bytes is too large as base64, with 8 KiB of headers. */
export const MOST_BYTES = ((LIMITS.resultBytes - 8_192) / 4) * 3;

/** Server-sent events go on as long as somebody listens. */
export const isEventStream = (contentType: unknown): boolean =>
  String(contentType).startsWith('text/event-stream');

/** Whether an equal request gets the same answer again; otherwise it is done again. */
export const isRepeatedLater = ({ status }: Answer): boolean =>
  status < 500 && !OF_THE_MOMENT.includes(status);

const NOT_KEPT: KeptBody = { body: null, encoding: 'text' };

export function toKept({ status, headers, body }: Answer): Kept {
  const kept = {
    status,
    headers: headers.filter(([name]) => !OF_ONE_ANSWER.includes(name.toLowerCase())),
    ...(body === null || body.length > LIMITS.resultBytes ? NOT_KEPT : encoded(body)),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(kept)).length;
  return bytes <= LIMITS.resultBytes ? kept : { status, headers: [], ...NOT_KEPT };
}

/** Undefined where the body was not kept. */
export function toAnswer({ status, headers, ...kept }: Kept): Answer | undefined {
  const body = decoded(kept);
  return body === null ? undefined : { status, headers: [...headers, ['idempotent-replayed', 'true']], body };
}

export function encoded(body: Uint8Array): KeptBody {
  const text = textOf(body);
  // Not every store takes NUL in text.
  if (text !== undefined && !text.includes('\0')) return { body: text, encoding: 'text' };
  return { body: btoa(Array.from(body, (byte) => String.fromCharCode(byte)).join('')), encoding: 'base64' };
}

export function decoded({ body, encoding }: KeptBody): Uint8Array<ArrayBuffer> | null {
  if (body === null) return null;
  return encoding === 'text'
    ? new TextEncoder().encode(body)
    : Uint8Array.from(atob(body), (each) => each.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
