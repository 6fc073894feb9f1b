import axios from 'axios';
import { readBody, type Transport } from '@onceonly/shared';

/** A transport for Node. `baseUrl`: without `/v1`, as `readBaseUrl` returns it. */
export function createAxiosTransport(baseUrl: string, apiKey: string): Transport {
  const http = axios.create({
    baseURL: baseUrl,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    // Parsed below, since axios would pass on broken JSON as text.
    responseType: 'text',
    transformResponse: (text: unknown) => text,
  });
  return async ({ method, path, query, headers, body, timeoutMs }) => {
    const response = await http.request<string>({
      method,
      url: path,
      params: query,
      headers: { ...headers, authorization: `Bearer ${apiKey}` },
      data: body,
      // Unlike axios' own timeout, the signal limits the whole request.
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: readBody(response.data),
    };
  };
}
