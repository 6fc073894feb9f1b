import type { JsonObject } from './json.ts';
import { parseAllDigits } from './sources/exact-json.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Begins with `/v1/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** The transport rejects if there is no complete answer within this time. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; the text if it is not JSON; undefined if there is no body. */
  readonly body: unknown;
}

/** Parses the text of a response to its `body`. A number in it that JavaScript would round is read as text, with all its digits. */
export function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return parseAllDigits(text);
  } catch {
    // It is not JSON, or nested so deeply that only the plain parser reads it.
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Sends a request to the service. It adds the base URL and the API key, which the client never sees. It resolves for every
 * status, and does not follow redirects. It rejects only if there is no complete answer: refused, reset or timed out.
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;
