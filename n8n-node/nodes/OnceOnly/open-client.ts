import {
  createClient,
  createHooks,
  DEFAULT_BASE_URL,
  OnceOnlyError,
  originOf,
  readApiKey,
  readBaseUrl,
  type Client,
  type Hooks,
  type Origin,
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
export async function openClient(node: IExecuteFunctions): Promise<Client> {
  const { transport, isHosted } = await connect(node);
  return createClient(transport, isHosted ? OPTIONS : { ...OPTIONS, origin: originIn(node) });
}

/** This workflow, with the address at which n8n shows this execution: as n8n itself puts it together. */
function originIn(node: IExecuteFunctions): Origin {
  const { id, name } = node.getWorkflow();
  const [base, executionId]: (string | undefined)[] = [node.getInstanceBaseUrl(), node.getExecutionId()];
  const isKnown = base && id && executionId;
  const url = isKnown ? `${base.replace(/\/+$/, '')}/workflow/${id}/executions/${executionId}` : undefined;
  return originOf('n8n', name, url);
}

/** One that asks nobody. */
export const openOffline = (): Client =>
  createClient(() => Promise.reject(new OnceOnlyError('no_answer')), OPTIONS);

/** How a trigger hears of its events. Throws a sentence where the credential cannot be used. */
export const openHooks = async (node: IHookFunctions): Promise<Hooks> =>
  createHooks((await connect(node)).transport, OPTIONS);

/** The hosted service keeps no origin, and is told none. */
async function connect(
  node: IExecuteFunctions | IHookFunctions,
): Promise<{ readonly transport: Transport; readonly isHosted: boolean }> {
  const { apiKey, baseUrl } = await node.getCredentials<Entered>(CREDENTIAL);
  // Within a network of one's own, plain http is common: the credential says what it means.
  const base = readBaseUrl(baseUrl, { http: true });
  if ('problem' in base) throw new OnceOnlyError('invalid_input', { detail: base.problem });
  const key = readApiKey(apiKey);
  if ('problem' in key) throw new OnceOnlyError('invalid_input', { detail: key.problem });
  return { transport: createTransport(node, base.url), isHosted: base.url === DEFAULT_BASE_URL };
}
