import type { Connection } from '../platforms/platform.ts';
import type { Credential } from './instance.ts';
import type { Step } from './workflow.ts';

/** How a step names its account. */
export const ACCOUNT = { onceOnlyApi: { name: 'OnceOnly account' } };

/** What the steps below connect with. */
export const account = ({ apiKey, baseUrl }: Connection): Credential => ({
  name: ACCOUNT.onceOnlyApi.name,
  type: 'onceOnlyApi',
  data: { apiKey, baseUrl },
});

/** Our node, with an operation of its resource Key. */
export const onceOnly = (
  name: string,
  operation: string,
  parameters: object,
  settings: object = {},
): Step => ({
  name,
  type: 'n8n-nodes-onceonly.onceOnly',
  typeVersion: 1,
  parameters: { resource: 'key', operation, ...parameters },
  credentials: ACCOUNT,
  ...settings,
});

interface ClaimParameters {
  readonly options?: object;
  readonly [parameter: string]: unknown;
}

/** Claims the `id` that the webhook was sent, and stops at once where another run is at it. */
export const claim = ({ options = {}, ...parameters }: ClaimParameters = {}, settings = {}): Step =>
  onceOnly(
    'Claim',
    'claimKey',
    {
      key: '={{ $json.body.id }}',
      options: { while_in_progress: 'stop', ...options },
      ...parameters,
    },
    settings,
  );

/** Finds its claim by itself. */
export const complete = (parameters: object = {}, settings = {}): Step =>
  onceOnly('Complete', 'completeKey', parameters, settings);
