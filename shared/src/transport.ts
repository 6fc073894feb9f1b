import type { JsonObject } from './json.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From `/v1/…` on. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** After that many milliseconds without a whole answer the transport rejects. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text itself where it is none; undefined where there was no body. */
  readonly body: unknown;
}

/** The `body` of an answer, from its text. */
export function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Carries a request to the service, with base URL and API key, which the client never sees. Resolves for every status,
 * and follows no redirect; rejects only where no whole answer came: refused, reset, or over `timeoutMs`.
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;
