import { LIMITS } from '@onceonly/shared/limits.ts';

/** An HTTP response. */
export interface Answer {
  readonly status: number;
  /** A name may occur several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null if it cannot be kept, because it is a stream or too large. */
  readonly body: Uint8Array | null;
}

/** A body as it is kept, in JSON. */
export interface KeptBody {
  /** Null if there is none, or it was not kept. */
  readonly body: string | null;
  readonly encoding: 'text' | 'base64';
}

/** The part of a response that is kept, in JSON. */
export interface Kept extends KeptBody {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Headers that are not repeated: those of the connection, which each response has anew, and cookies, which belong to the first caller. */
const OF_ONE_ANSWER = [
  ...['connection', 'content-length', 'date', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade'],
  'set-cookie',
];
/** Refusals that depend on the time or on the caller, not on the request. */
const OF_THE_MOMENT = [401, 403, 407, 408, 409, 425, 429];

/** A body of up to this size fits into a result, even in base64 and with 8 KiB of headers. */
export const MOST_BYTES = ((LIMITS.resultBytes - 8_192) / 4) * 3;

/** Server-sent events have no end of their own, so they cannot be kept. */
export const isEventStream = (contentType: unknown): boolean =>
  /^\s*text\/event-stream/i.test(String(contentType));

/** Whether the response is repeated for an equal request; if not, that request is done again. `Response.error()` has the status 0. */
export const isRepeatedLater = ({ status }: Answer): boolean =>
  status > 0 && status < 500 && !OF_THE_MOMENT.includes(status);

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

/** Undefined if the body was not kept. */
export function toAnswer({ status, headers, ...kept }: Kept): Answer | undefined {
  const body = decoded(kept);
  return body === null ? undefined : { status, headers: [...headers, ['idempotent-replayed', 'true']], body };
}

export function encoded(body: Uint8Array): KeptBody {
  const text = textOf(body);
  // Not every store accepts NUL in text.
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
