import { readApiKey, readBaseUrl } from '@onceonly/shared/connection.ts';
import { readBody, type HttpResponse, type Transport } from '@onceonly/shared/transport.ts';
import { invalid } from './options.ts';
import type { HttpOptions } from './types.ts';

/** @throws {OnceOnlyError} `invalid` if the address or the key cannot be used. */
export function createHttp({ url, apiKey, fetch = globalThis.fetch }: HttpOptions): Transport {
  if (typeof fetch !== 'function') throw invalid('fetch', 'has to be a function.');
  // Plain http is common within a private network.
  const base = readBaseUrl(url, { http: true });
  if ('problem' in base)
    throw invalid('url', base.problem.replace(/^Base URL: /, 'cannot be used: ').replace(/[^.]$/, '$&.'));
  const key = readApiKey(apiKey);
  if ('problem' in key) throw invalid('apiKey', key.problem.replace(/^API Key: it /, ''));
  const authorization = `Bearer ${key.apiKey}`;

  return async ({ method, path, query, headers, body, timeoutMs }): Promise<HttpResponse> => {
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const response = await fetch(base.url + path + search, {
      method,
      headers: { ...headers, authorization, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: readBody(await response.text()),
    };
  };
}
