import axios from 'axios';
import { readBody, type Transport } from '@onceonly/shared';

/** The transport of plain Node. `baseUrl` without `/v1`, as `readBaseUrl` gives it. */
export function createAxiosTransport(baseUrl: string, apiKey: string): Transport {
  const http = axios.create({
    baseURL: baseUrl,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    // Parsed below: axios would guess, and pass half an answer on.
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
      // `timeout` counts from the last byte on; the signal bounds the whole exchange.
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
