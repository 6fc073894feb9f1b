import { readBody, type Transport } from '@onceonly/shared';
import type { HttpRequestOptions, ZObject } from 'zapier-platform-core';

/** Taken by `z.request`, but not in its types. */
interface Undeclared {
  /** Otherwise a 429 throws, and Retry-After is not read by us. */
  readonly throwForThrottlingEarly: boolean;
  /** Otherwise `{{…}}` in user data is refused, or falls out of a query without a word. */
  readonly merge: boolean;
  readonly signal: AbortSignal;
}

/** `z.request`, so that every request is in the Zap's history; it censors the Authorization header there. */
export function createTransport(
  z: ZObject,
  { baseUrl, apiKey }: { readonly baseUrl: string; readonly apiKey: string },
): Transport {
  return async ({ method, path, query, headers, body, timeoutMs }) => {
    const options: HttpRequestOptions & Undeclared = {
      method,
      headers: {
        ...headers,
        // By this name Zapier's core knows its own requests, which it has logged already.
        'user-agent': 'Zapier',
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
      skipThrowForStatus: true,
      throwForThrottlingEarly: false,
      merge: false,
      // `timeout` would count anew for the body; the signal bounds the whole exchange.
      signal: AbortSignal.timeout(timeoutMs),
    };
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const response = await z.request(baseUrl + path + search, options);
    return {
      status: response.status,
      // Names come in lower case from a Headers object, whose types Zapier does not bring.
      headers: Object.fromEntries(response.headers as Iterable<readonly [string, string]>),
      body: readBody(response.content),
    };
  };
}
