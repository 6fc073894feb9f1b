import type { BeforeRequestMiddleware } from 'zapier-platform-core';
import { readConnection } from './connection.ts';

/**
 * Requests that Zapier makes for a user itself, as its API Request action does, come without the key. They get it where
 * they go to the connection's own address, and nowhere else.
 */
export const authorize: BeforeRequestMiddleware = (request, z, bundle) => {
  const named = Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'authorization');
  if (named) return request;
  const { baseUrl, apiKey } = readConnection(z, bundle);
  if (!`${request.url}/`.startsWith(`${baseUrl}/`)) return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${apiKey}` } };
};
