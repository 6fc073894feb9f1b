import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { GlobalKeys } from './global-keys.ts';

/** The version of the data in Redis. A server refuses a higher version. Append only, as in the other stores. */
export const SCHEMA_VERSION = 1;

/**
 * The version that is stored; null if none is, because there is no store or because it is older than this version number.
 * @throws {StoreUnavailable} if a newer server wrote it.
 */
export async function schemaOf(globalKeys: GlobalKeys): Promise<number | null> {
  const found = await writtenIn(globalKeys);
  return found.length === 0 ? null : Math.max(...found);
}

async function writtenIn(globalKeys: GlobalKeys): Promise<readonly number[]> {
  const found = (await globalKeys.askAll('GET', 'schema')).filter((text) => text !== null).map(Number);
  const newer = found.find((version) => !(version <= SCHEMA_VERSION));
  if (newer === undefined) return found;
  throw new StoreUnavailable(
    `This Redis was written by a newer version of this server (schema ${newer}, this one knows ${SCHEMA_VERSION}). ` +
      'Run that version, or name another database or prefix in ONCEONLY_STORE.',
  );
}

/** Stores the version if there is none. If Redis accepts no writes now, the next start does it. */
export async function keepSchema(globalKeys: GlobalKeys): Promise<void> {
  if ((await writtenIn(globalKeys)).length === globalKeys.tags.length) return;
  await globalKeys.writeAny('SET', 'schema', SCHEMA_VERSION, 'NX').catch(() => undefined);
}
