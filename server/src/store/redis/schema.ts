import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Link } from './link.ts';
import type { Places } from './places.ts';

/** Of what lies in Redis, and how: a server that finds a higher one refuses it. Append only, as on the other stores. */
export const SCHEMA_VERSION = 1;

/**
 * The version that is written there; null where no server has written one, as before there was one.
 * @throws {StoreUnavailable} at one that a newer server wrote.
 */
export async function schemaOf(link: Link, places: Places): Promise<number | null> {
  const text = (await link.ask('GET', places.name('schema'))) as string | null;
  const version = text === null ? null : Number(text);
  if (version !== null && !(version <= SCHEMA_VERSION)) {
    throw new StoreUnavailable(
      `This Redis was written by a newer version of this server (schema ${text ?? ''}, this one knows ${SCHEMA_VERSION}). ` +
        'Run that version, or name another database or prefix in ONCEONLY_STORE.',
    );
  }
  return version;
}

/** Writes it where there is none. A Redis that takes no writes now is told another time. */
export async function keepSchema(link: Link, places: Places): Promise<void> {
  if ((await schemaOf(link, places)) !== null) return;
  await link.ask('SET', places.name('schema'), SCHEMA_VERSION, 'NX').catch(() => undefined);
}
