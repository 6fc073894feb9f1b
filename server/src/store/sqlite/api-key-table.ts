import type { DatabaseSync } from 'node:sqlite';
import type { ApiKey } from '../../api-keys.ts';

export interface ApiKeyTable {
  insert(tenant: number, apiKey: ApiKey): void;
  find(hash: string): ApiKey | null;
  findById(id: string): ApiKey | null;
  /** The oldest first. */
  list(): readonly ApiKey[];
  /** Keeps the instant of the first revocation. Returns whether there is such a key. */
  revoke(id: string, now: number): boolean;
}

const SELECT = `SELECT k.id, t.name AS tenant, k.role, k.hash, k.created_at AS createdAt, k.revoked_at AS revokedAt
  FROM api_keys k JOIN tenants t ON t.id = k.tenant`;

export function prepareApiKeyTable(db: DatabaseSync): ApiKeyTable {
  const insert = db.prepare(
    'INSERT INTO api_keys (id, tenant, role, hash, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const byHash = db.prepare(`${SELECT} WHERE k.hash = ?`);
  const byId = db.prepare(`${SELECT} WHERE k.id = ?`);
  const all = db.prepare(`${SELECT} ORDER BY k.created_at, k.id`);
  const revoke = db.prepare('UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?');
  return {
    insert(tenant, { id, role, hash, createdAt }) {
      insert.run(id, tenant, role, hash, createdAt);
    },
    find: (hash) => (byHash.get(hash) as ApiKey | undefined) ?? null,
    findById: (id) => (byId.get(id) as ApiKey | undefined) ?? null,
    list: () => all.all() as unknown as readonly ApiKey[],
    revoke: (id, now) => revoke.run(now, id).changes > 0,
  };
}
