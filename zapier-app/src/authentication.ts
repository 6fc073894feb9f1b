import { connectionFields, connectionLabel, type JsonObject } from '@onceonly/shared';
import type { Authentication, Bundle, ZObject } from 'zapier-platform-core';
import { openClient } from './client.ts';
import { readConnection } from './connection.ts';
import { faultOfTest } from './errors.ts';

/** Connects with an API key, for the hosted service or for a server of one's own. */
export const authentication: Authentication = {
  type: 'custom',
  fields: connectionFields.map(({ id, label, type, required, help, ...field }) => ({
    key: id,
    label,
    type: type === 'secret' ? 'password' : 'string',
    required,
    helpText: help,
    ...('default' in field && { default: field.default }),
    // An address is no secret, and worth reading in a log.
    ...(type !== 'secret' && { isNoSecret: true }),
  })),
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
