import type { Finding } from '../store.ts';
import { NoStore, type StoreLook } from '../look.ts';
import { withoutPassword } from '../shown-url.ts';
import { parseAddress } from './address.ts';
import { apiKeyStore } from './api-keys.ts';
import { connect } from './client.ts';
import { findingsOf, readFacts } from './facts.ts';
import { createLink } from './link.ts';
import { schemaOf } from './schema.ts';
import { createTenants } from './tenants.ts';

/** A Redis, only looked at. */
export async function lookAtRedis(url: string): Promise<StoreLook> {
  const address = parseAddress(url);
  const client = await connect(address);
  const link = createLink(client);
  const tenants = createTenants(link, { prefix: address.prefix, elapsed: () => 0 });
  try {
    const facts = await readFacts(client);
    const version = await schemaOf(link, tenants);
    const isThere = version !== null || (await link.ask('EXISTS', tenants.shared('api-keys'))) === 1;
    if (!isThere) {
      throw new NoStore(
        `There is no store in ${withoutPassword(url)}: no key begins with {${address.prefix}}.`,
      );
    }
    return {
      apiKeys: () => apiKeyStore(link, tenants).list(),
      inspect: () =>
        Promise.resolve([
          writes(
            url,
            facts.every(({ takesWrites }) => takesWrites),
          ),
          ...findingsOf(facts),
        ]),
      close: () => link.close(),
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}

function writes(url: string, takesWrites: boolean): Finding {
  return {
    what: `The store ${withoutPassword(url)} can be read${takesWrites ? ' and written' : ', but takes no writes'}.`,
    ok: takesWrites,
    remedy: takesWrites
      ? null
      : 'It is a replica, or cannot write its append-only file: see its log, and INFO persistence.',
  };
}
