import { StoreUnavailable } from '../../claims/store.ts';
import type { ApiKey, ApiKeyStore } from '../../api-keys.ts';
import type { Link } from './link.ts';
import { CREATE_API_KEY, REVOKE_API_KEY } from './lua/api-keys.ts';
import { DISABLE_HOOKS } from './lua/hooks.ts';
import { script } from './script.ts';
import type { Tenants } from './tenants.ts';

const create = script(CREATE_API_KEY);
const revoke = script(REVOKE_API_KEY);
const disableHooks = script(DISABLE_HOOKS);

/** API keys are of the whole store, and few: two hashes in one slot. */
export function apiKeyStore(link: Link, tenants: Tenants): ApiKeyStore {
  const keys = [tenants.shared('api-keys'), tenants.shared('api-key-ids')] as const;
  return {
    async create(apiKey) {
      const text = await link.run(create, keys, { ...tenants.clock(), apiKey });
      if (text === null) throw new StoreUnavailable('There is such an API key already.');
      return JSON.parse(text as string) as ApiKey;
    },
    async find(hash) {
      const text = await link.ask('HGET', keys[0], hash);
      return text === null ? null : (JSON.parse(text as string) as ApiKey);
    },
    async findById(id) {
      const hash = await link.ask('HGET', keys[1], id);
      const text = hash === null ? null : await link.ask('HGET', keys[0], hash as string);
      return text === null ? null : (JSON.parse(text as string) as ApiKey);
    },
    async list() {
      const all = (await link.ask('HVALS', keys[0])) as readonly string[];
      return all.map((text) => JSON.parse(text) as ApiKey).sort(byAge);
    },
    async revoke(id) {
      const text = await link.run(revoke, keys, { ...tenants.clock(), id });
      if (text === null) return false;
      // In another slot: where this fails, the caller is told, and revokes again.
      const { tenant } = JSON.parse(text as string) as ApiKey;
      const reason = `The API key that made it, ${id}, was revoked.`;
      await tenants.run(tenant, disableHooks, { createdBy: id, reason });
      return true;
    },
  };
}

const byAge = (one: ApiKey, other: ApiKey): number =>
  one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
