import {
  createClient,
  createHooks,
  OnceOnlyError,
  readApiKey,
  readBaseUrl,
  type Client,
  type Hooks,
  type Transport,
} from '@onceonly/shared';
import { sleep, type IExecuteFunctions, type IHookFunctions } from 'n8n-workflow';
import { createTransport, CREDENTIAL } from './transport.ts';

interface Entered {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

const OPTIONS = { platform: 'n8n', sleep } as const;

/** The client of one run of the node. Throws a sentence where the credential cannot be used. */
export const openClient = async (node: IExecuteFunctions): Promise<Client> =>
  createClient(await openTransport(node), OPTIONS);

/** One that asks nobody. */
export const openOffline = (): Client =>
  createClient(() => Promise.reject(new OnceOnlyError('no_answer')), OPTIONS);

/** How a trigger hears of its events. Throws a sentence where the credential cannot be used. */
export const openHooks = async (node: IHookFunctions): Promise<Hooks> =>
  createHooks(await openTransport(node), OPTIONS);

async function openTransport(node: IExecuteFunctions | IHookFunctions): Promise<Transport> {
  const { apiKey, baseUrl } = await node.getCredentials<Entered>(CREDENTIAL);
  // Within a network of one's own, plain http is common: the credential says what it means.
  const base = readBaseUrl(baseUrl, { http: true });
  if ('problem' in base) throw new OnceOnlyError('invalid_input', { detail: base.problem });
  const key = readApiKey(apiKey);
  if ('problem' in key) throw new OnceOnlyError('invalid_input', { detail: key.problem });
  return createTransport(node, base.url);
}
