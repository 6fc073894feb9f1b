import type { ApiKey, ApiKeyStore } from '../../api-keys.ts';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { GlobalKeys } from './global-keys.ts';

export interface ApiKeysOptions {
  readonly globalKeys: GlobalKeys;
  readonly now: () => Promise<number>;
  /** Disables the hooks that the API key created. */
  readonly disableHooks: (tenant: string, apiKeyId: string) => Promise<void>;
}

/**
 * API keys are few, and kept for the whole store. The hash `api-keys` contains, by the hash of each key, JSON that never changes, and
 * the time of its revocation. `api-key-ids` contains the hashes by the ids of the keys.
 */
export function createApiKeys({ globalKeys, now, disableHooks }: ApiKeysOptions): ApiKeyStore {
  async function find(hash: string): Promise<ApiKey | null> {
    const answer = await globalKeys.find(
      'HMGET',
      'api-keys',
      [hash, revokedField(hash)],
      (found) => (found as readonly unknown[])[0] !== null,
    );
    const [text = null, revokedAt = null] = answer as readonly (string | null)[];
    return text === null ? null : apiKeyOf(text, revokedAt);
  }

  async function hashOf(id: string): Promise<string | null> {
    return (await globalKeys.find('HGET', 'api-key-ids', [id], (hash) => hash !== null)) as string | null;
  }

  async function findById(id: string): Promise<ApiKey | null> {
    const hash = await hashOf(id);
    return hash === null ? null : find(hash);
  }

  return {
    find,
    findById,
    async create(made) {
      const apiKey: ApiKey = { ...made, createdAt: await now(), revokedAt: null };
      const isTaken = (await findById(apiKey.id)) !== null;
      if (
        isTaken ||
        (await globalKeys.writeAll('HSETNX', 'api-keys', apiKey.hash, JSON.stringify(apiKey))) === 0
      ) {
        throw new StoreUnavailable('There is such an API key already.');
      }
      await globalKeys.writeAll('HSET', 'api-key-ids', apiKey.id, apiKey.hash);
      return apiKey;
    },
    list: () => listApiKeys(globalKeys),
    /** Keeps the first time. If this fails half-way, it rejects, and the caller can revoke again. */
    async revoke(id) {
      const apiKey = await findById(id);
      if (apiKey === null) return false;
      await globalKeys.writeAll('HSETNX', 'api-keys', revokedField(apiKey.hash), await now());
      await disableHooks(apiKey.tenant, id);
      return true;
    },
  };
}

const revokedField = (hash: string): string => `revoked:${hash}`;

/** The oldest first. */
export async function listApiKeys(globalKeys: GlobalKeys): Promise<readonly ApiKey[]> {
  const fields = new Map<string, string>();
  for (const flat of (await globalKeys.askAll('HGETALL', 'api-keys')) as readonly (readonly string[])[]) {
    for (let at = 0; at < flat.length; at += 2) fields.set(flat[at] ?? '', flat[at + 1] ?? '');
  }
  return [...fields]
    .filter(([field]) => !field.startsWith('revoked:'))
    .map(([hash, text]) => apiKeyOf(text, fields.get(revokedField(hash)) ?? null))
    .sort(byAge);
}

function apiKeyOf(text: string, revokedAt: string | null): ApiKey {
  return { ...(JSON.parse(text) as ApiKey), revokedAt: revokedAt === null ? null : Number(revokedAt) };
}

const byAge = (one: ApiKey, other: ApiKey): number =>
  one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
