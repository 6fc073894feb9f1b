import { connectionFields, connectionLabel, type JsonObject } from '@onceonly/shared';
import type { Authentication, BeforeRequestMiddleware, Bundle, ZObject } from 'zapier-platform-core';
import { openClient, readConnection } from './open-client.ts';
import { faultOfTest } from './end-of-run.ts';

/** Where an account's API key is found, as Zapier asks for it. */
const WHERE = '[Where to find it](https://docs.onceonly.tech).';

/** Zapier publishes no app that asks for a secret in a step, and one connection serves webhooks of many senders. */
const SIGNING_SECRETS = {
  key: 'signingSecrets',
  label: 'Signing Secrets',
  type: 'text',
  required: false,
  helpText:
    'Only where a step checks signatures: one line for each sender, such as “stripe: whsec_…”. For Twilio, enter its auth token.',
} as const;

const given = connectionFields.map(({ id, label, type, required, help, ...field }) => ({
  key: id,
  label,
  type: type === 'secret' ? ('password' as const) : ('string' as const),
  required,
  helpText: type === 'secret' ? `${help} ${WHERE}` : help,
  ...('default' in field && { default: field.default }),
  // An address is no secret, and worth reading in a log.
  ...(type !== 'secret' && { isNoSecret: true }),
}));

/** Connects with an API key, for the hosted service or for a server of one's own. */
export const authentication: Authentication = {
  type: 'custom',
  fields: [...given, SIGNING_SECRETS],
  test: testConnection,
  connectionLabel: labelConnection,
};

/** Gives the account of the key; throws a sentence that says what to correct. */
async function testConnection(z: ZObject, bundle: Bundle): Promise<JsonObject> {
  const client = openClient(z, bundle);
  try {
    return await client.me();
  } catch (error) {
    throw faultOfTest(z.errors, error);
  }
}

/** Names the account; Zapier passes the test's answer on as the input. */
function labelConnection(z: ZObject, bundle: Bundle): Promise<string> {
  const { baseUrl } = readConnection(z, bundle);
  return Promise.resolve(connectionLabel(bundle.inputData, baseUrl));
}

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
