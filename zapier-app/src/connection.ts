import { readBaseUrl } from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';

export interface Connection {
  readonly apiKey: string;
  /** Without `/v1`. */
  readonly baseUrl: string;
}

/** What the user entered to connect. Throws an error that names the field which cannot be used. */
export function readConnection(z: ZObject, { authData }: Pick<Bundle, 'authData'>): Connection {
  const base = readBaseUrl(authData['baseUrl']);
  if ('problem' in base) throw new z.errors.Error(base.problem, 'invalid_base_url');
  const apiKey = (authData['apiKey'] ?? '').trim();
  // No header can carry anything else, and the error that says so would repeat the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    const problem = 'it is empty, or holds a space or another character that no key has. Copy it again.';
    throw new z.errors.Error(`API Key: ${problem}`, 'invalid_api_key');
  }
  return { apiKey, baseUrl: base.url };
}
