import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { ApiKey } from '../../api-keys.ts';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../error-message.ts';
import { type Finding, NoStore, olderVersion, type ReadOnlyStore, withoutPassword } from '../store.ts';
import { SELECT_API_KEYS } from './api-keys.ts';
import { findingsOf, readSettings } from './durability.ts';
import { missingGrants, missingGrantsSentence, unmetRequirements } from './requirements.ts';
import { SCHEMA_VERSION, schemaVersion } from './migrations.ts';
import { openConnection, type Tx } from './connection.ts';

/** Opens a database only for reading, with read-only transactions. */
export async function openPostgresReadOnly(url: string, wall: Clock): Promise<ReadOnlyStore> {
  const connection = openConnection(url);
  const read = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await connection.transaction(async (tx) => {
        tx.send('SET TRANSACTION READ ONLY');
        return work(tx);
      });
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      throw new StoreUnavailable(`The database cannot be used: ${messageOf(error)}`);
    }
  };
  try {
    const version = await read(schemaVersion);
    if (version === 0)
      throw new NoStore(`There is no store in ${withoutPassword(url)}: it has no schema onceonly.`);
    if (version > SCHEMA_VERSION) throw new StoreUnavailable(newer(version));
    return {
      apiKeys: () => read((tx) => tx.query<ApiKey>(SELECT_API_KEYS)),
      async inspect() {
        const wrong = await connection.transaction(unmetRequirements);
        const lacking = await read(missingGrants);
        const faults = [...wrong, ...(lacking.length > 0 ? [missingGrantsSentence(lacking)] : [])];
        const well = `The store ${withoutPassword(url)} can be read and written.`;
        const settings = findingsOf(await read(readSettings), wall());
        return [
          ...(faults.length === 0 ? [finding(well, true)] : faults.map((fault) => finding(fault, false))),
          ...(version < SCHEMA_VERSION
            ? [...settings.slice(0, -1), olderVersion(version, SCHEMA_VERSION)]
            : settings),
        ];
      },
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

const finding = (what: string, ok: boolean): Finding => ({ what, ok, remedy: null });

const newer = (version: number): string =>
  `The database was written by a newer version of this server (schema ${version}, this one knows ${SCHEMA_VERSION}). Run that version.`;
