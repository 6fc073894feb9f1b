import type { ApiKey } from '../../api-keys.ts';
import { revoked } from '../shared/event-rules.ts';
import { monthName, monthNumber } from '../shared/time.ts';
import type { Tenants } from '../shared/transaction.ts';
import { USAGE_KINDS, type UsageRow } from './counters.ts';
import type { Handlers } from './handlers.ts';

const SELECT = `SELECT k.id, t.name AS tenant, k.role, k.hash, k.created_at AS "createdAt", k.revoked_at AS "revokedAt"
  FROM api_keys k JOIN tenants t ON t.id = k.tenant`;

/** The oldest first. */
export const SELECT_API_KEYS = `${SELECT} ORDER BY k.created_at, k.id`;

type Handled = 'usage' | 'createApiKey' | 'findApiKey' | 'findApiKeyById' | 'listApiKeys' | 'revokeApiKey';

/** The handlers of requests about API keys and usage. */
export function apiKeyHandlers(tenants: Tenants): Handlers<Handled> {
  return {
    async usage(tx, { tenant }) {
      const rows = await tx.query<UsageRow>(
        'SELECT kind, sum(count)::bigint AS count FROM usage WHERE tenant = $1 AND month = $2 GROUP BY kind',
        [tenants.find(tenant) ?? null, monthNumber(tx.now)],
      );
      const count = (kind: number): number => rows.find((row) => row.kind === kind)?.count ?? 0;
      return { ai: count(USAGE_KINDS.ai), make: count(USAGE_KINDS.make), month: monthName(tx.now) };
    },
    async createApiKey(tx, { id, tenant, role, hash }) {
      const apiKey: ApiKey = { id, tenant, role, hash, createdAt: tx.now, revokedAt: null };
      await tx.query(
        'INSERT INTO api_keys (id, tenant, role, hash, created_at) VALUES ($1, $2, $3, $4, $5)',
        [id, tenants.ensure(tenant), role, hash, tx.now],
      );
      return apiKey;
    },
    async findApiKey(tx, { hash }) {
      const [apiKey] = await tx.query<ApiKey>(`${SELECT} WHERE k.hash = $1`, [hash]);
      return apiKey ?? null;
    },
    async findApiKeyById(tx, { id }) {
      const [apiKey] = await tx.query<ApiKey>(`${SELECT} WHERE k.id = $1`, [id]);
      return apiKey ?? null;
    },
    listApiKeys: (tx) => tx.query<ApiKey>(SELECT_API_KEYS, []),
    async revokeApiKey(tx, { id }) {
      // Hooks are always locked in this order.
      tx.send('SELECT FROM hooks WHERE created_by = $1 ORDER BY number FOR UPDATE', [id]);
      tx.send(
        'UPDATE hooks SET disabled_at = $1, disabled_reason = $2 WHERE created_by = $3 AND disabled_at IS NULL',
        [tx.now, revoked(id), id],
      );
      const changed = await tx.query(
        'UPDATE api_keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2 RETURNING id',
        [tx.now, id],
      );
      return changed.length > 0;
    },
  };
}
