import { readBody, type Transport } from '@onceonly/shared';
import {
  NodeOperationError,
  sleep,
  type IExecuteFunctions,
  type IHookFunctions,
  type IHttpRequestOptions,
  type IN8nHttpFullResponse,
} from 'n8n-workflow';

export const CREDENTIAL = 'onceOnlyApi';

/** `httpRequestWithAuthentication`: the credential adds the API key, n8n's proxy settings and request limits hold. */
export function createTransport(node: IExecuteFunctions | IHookFunctions, baseUrl: string): Transport {
  return async ({ method, path, query, headers, body, timeoutMs }) => {
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const options: IHttpRequestOptions = {
      method,
      url: baseUrl + path + search,
      headers: { ...headers, ...(body && { 'content-type': 'application/json; charset=utf-8' }) },
      ...(body && { body: JSON.stringify(body) }),
      // Parsed below: axios would guess, and pass half an answer on.
      encoding: 'text',
      timeout: timeoutMs,
      disableFollowRedirect: true,
      returnFullResponse: true,
      ignoreHttpStatusErrors: true,
    };
    const request = node.helpers.httpRequestWithAuthentication.call(node, CREDENTIAL, options);
    // `timeout` counts from the last byte on; this bounds the whole exchange.
    const late = sleep(timeoutMs).then(() => {
      throw new NodeOperationError(node.getNode(), 'No whole answer came in time.');
    });
    const response = (await Promise.race([request, late])) as IN8nHttpFullResponse;
    return {
      status: response.statusCode,
      headers: Object.fromEntries(
        Object.entries(response.headers as Readonly<Record<string, string | string[]>>).map(
          ([name, value]) => [name.toLowerCase(), String(value)],
        ),
      ),
      body: typeof response.body === 'string' ? readBody(response.body) : response.body,
    };
  };
}
