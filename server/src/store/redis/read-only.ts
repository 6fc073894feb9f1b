import { type Finding, NoStore, type ReadOnlyStore, withoutPassword } from '../store.ts';
import { parseAddress } from './address.ts';
import { listApiKeys } from './api-keys.ts';
import { connect } from './connection.ts';
import { findingsOf, readFacts } from './facts.ts';
import { createLink } from './link.ts';
import { schemaOf } from './schema.ts';
import { createGlobalKeys } from './global-keys.ts';

/** Opens a Redis only for reading. */
export async function openRedisReadOnly(url: string): Promise<ReadOnlyStore> {
  const address = parseAddress(url);
  const client = await connect(address);
  const link = createLink(client);
  const globalKeys = createGlobalKeys(link, address.prefix, client.isCluster);
  try {
    const facts = await readFacts(client);
    const version = await schemaOf(globalKeys);
    const isThere = version !== null || (await globalKeys.askAll('EXISTS', 'api-keys')).includes(1);
    if (!isThere) {
      throw new NoStore(
        `There is no store in ${withoutPassword(url)}: no key begins with {${address.prefix}}.`,
      );
    }
    return {
      apiKeys: () => listApiKeys(globalKeys),
      inspect: () =>
        Promise.resolve([
          writes(
            url,
            facts.every((each) => each === null || each.takesWrites),
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
