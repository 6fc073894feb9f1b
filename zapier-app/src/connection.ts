import { readApiKey, readBaseUrl } from '@onceonly/shared';
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
  const key = readApiKey(authData['apiKey']);
  if ('problem' in key) throw new z.errors.Error(key.problem, 'invalid_api_key');
  return { apiKey: key.apiKey, baseUrl: base.url };
}
