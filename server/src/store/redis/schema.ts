import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { GlobalKeys } from './global-keys.ts';

/** Of what lies in Redis, and how: a server that finds a higher one refuses it. Append only, as on the other stores. */
export const SCHEMA_VERSION = 1;

/**
 * The version that is written there; null where no server has written one, as before there was one.
 * @throws {StoreUnavailable} at one that a newer server wrote.
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

/** Writes it where there is none. A Redis that takes no writes now is told another time. */
export async function keepSchema(globalKeys: GlobalKeys): Promise<void> {
  if ((await writtenIn(globalKeys)).length === globalKeys.tags.length) return;
  await globalKeys.writeAny('SET', 'schema', SCHEMA_VERSION, 'NX').catch(() => undefined);
}
