import { createClient, OnceOnlyError, readApiKey, readBaseUrl, type Client } from '@onceonly/shared';
import { sleep, type IExecuteFunctions } from 'n8n-workflow';
import { createTransport, CREDENTIAL } from './transport.ts';

interface Entered {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

/** The client of one run of the node. Throws a sentence where the credential cannot be used. */
export async function openClient(node: IExecuteFunctions): Promise<Client> {
  const { apiKey, baseUrl } = await node.getCredentials<Entered>(CREDENTIAL);
  // Within a network of one's own, plain http is common: the credential says what it means.
  const base = readBaseUrl(baseUrl, { http: true });
  if ('problem' in base) throw new OnceOnlyError('invalid_input', { detail: base.problem });
  const key = readApiKey(apiKey);
  if ('problem' in key) throw new OnceOnlyError('invalid_input', { detail: key.problem });
  return createClient(createTransport(node, base.url), { platform: 'n8n', sleep });
}
