import type { ApiKeyTable } from './api-key-table.ts';
import type { ClaimTable } from './claim-table.ts';
import type { Handlers } from './engine.ts';
import type { EventTable } from './event-table.ts';
import type { LockTable } from './lock-table.ts';
import type { Tenants } from './tenants.ts';
import { monthName } from './usage.ts';

interface Tables {
  readonly claims: ClaimTable;
  readonly locks: LockTable;
  readonly apiKeys: ApiKeyTable;
  readonly events: EventTable;
}

type Handled =
  | 'usage'
  | 'sweep'
  | 'check'
  | 'createApiKey'
  | 'findApiKey'
  | 'listApiKeys'
  | 'revokeApiKey'
  | 'recentEvents'
  | 'countEvents';

/** What is asked beside the claims themselves. */
export function otherHandlers(tenants: Tenants, tables: Tables): Pick<Handlers, Handled> {
  const { claims, locks, apiKeys, events } = tables;
  return {
    usage(tx, { tenant: name }) {
      const tenant = tenants.find(name);
      const month = monthName(tx.moment.now);
      if (tenant === undefined) return { ai: 0, make: 0, month };
      return { ai: tx.usage.count(tenant, 'ai'), make: tx.usage.count(tenant, 'make'), month };
    },
    sweep(tx, { limit }) {
      const { now } = tx.moment;
      const records = claims.sweep(now, limit);
      const all = records + locks.sweep(now, limit - records);
      // Last, and only where nothing else is left to do: a step stays a small transaction.
      if (all < limit) events.sweep(now, limit);
      return all;
    },
    check(tx) {
      tx.keepTime();
      return null;
    },
    createApiKey(tx, { id, tenant, role, hash }) {
      const apiKey = { id, tenant, role, hash, createdAt: tx.moment.now, revokedAt: null };
      apiKeys.insert(tenants.ensure(tenant), apiKey);
      return apiKey;
    },
    findApiKey: (_, { hash }) => apiKeys.find(hash),
    listApiKeys: () => apiKeys.list(),
    revokeApiKey: (tx, { id }) => apiKeys.revoke(id, tx.moment.now),
    recentEvents(_, { tenant: name, limit }) {
      const tenant = tenants.find(name);
      return tenant === undefined ? [] : events.recent(tenant, limit);
    },
    countEvents(_, { tenant: name, fromDay, toDay }) {
      const tenant = tenants.find(name);
      return tenant === undefined ? [] : events.days(tenant, fromDay, toDay);
    },
  };
}
