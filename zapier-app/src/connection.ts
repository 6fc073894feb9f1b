import { readApiKey, readBaseUrl, readSigningSecrets, type SigningSecrets } from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';

export interface Connection {
  readonly apiKey: string;
  /** Without `/v1`. */
  readonly baseUrl: string;
  readonly signingSecrets: SigningSecrets;
}

/** Zapier cannot reach it, and publishes no app that takes it; whoever tries the app on one machine sets this. */
const loopback = process.env['ONCEONLY_ALLOW_LOOPBACK'] === 'yes';

/** What the user entered to connect. Throws an error that names the field which cannot be used. */
export function readConnection(z: ZObject, { authData }: Pick<Bundle, 'authData'>): Connection {
  const base = readBaseUrl(authData['baseUrl'], { loopback });
  if ('problem' in base) throw new z.errors.Error(base.problem, 'invalid_base_url');
  const key = readApiKey(authData['apiKey']);
  if ('problem' in key) throw new z.errors.Error(key.problem, 'invalid_api_key');
  const signing = readSigningSecrets(authData['signingSecrets']);
  if ('problem' in signing) throw new z.errors.Error(signing.problem, 'invalid_signing_secrets');
  return { apiKey: key.apiKey, baseUrl: base.url, signingSecrets: signing.secrets };
}
