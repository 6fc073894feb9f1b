import type { ApiKeyTable } from './api-key-table.ts';
import type { Handlers } from './transaction.ts';
import type { EventTable } from './event-table.ts';
import type { HookTable } from './hook-table.ts';
import { revoked } from '../shared/event-rules.ts';
import type { Tenants } from '../shared/transaction.ts';
import { monthName } from '../shared/time.ts';
import type { KeyPage } from '../../claims/claim-store.ts';
import { pageOf, pickKeys, SCANNED_KEYS } from '../shared/list-page.ts';
import type { ClaimTable } from './claim-table.ts';

interface Tables {
  readonly apiKeys: ApiKeyTable;
  readonly events: EventTable;
  readonly hooks: HookTable;
}

type Handled =
  | 'usage'
  | 'check'
  | 'createApiKey'
  | 'findApiKey'
  | 'findApiKeyById'
  | 'listApiKeys'
  | 'revokeApiKey'
  | 'recentEvents'
  | 'countEvents'
  | 'countJobs';

/** The handlers of requests about usage, API keys and events. `isWhole` throws if the file was replaced, or its disk is full. */
export function otherHandlers(
  tenants: Tenants,
  tables: Tables,
  isWhole: () => void,
): Pick<Handlers, Handled> {
  const { apiKeys, events, hooks } = tables;
  return {
    usage(tx, { tenant: name }) {
      const tenant = tenants.find(name);
      const month = monthName(tx.moment.now);
      if (tenant === undefined) return { ai: 0, make: 0, month };
      return { ai: tx.usage.count(tenant, 'ai'), make: tx.usage.count(tenant, 'make'), month };
    },
    check(tx) {
      isWhole();
      tx.keepTime();
      return { now: tx.moment.now, clock: null };
    },
    createApiKey(tx, { id, tenant, role, hash }) {
      const apiKey = { id, tenant, role, hash, createdAt: tx.moment.now, revokedAt: null };
      apiKeys.insert(tenants.ensure(tenant), apiKey);
      return apiKey;
    },
    findApiKey: (_, { hash }) => apiKeys.find(hash),
    findApiKeyById: (_, { id }) => apiKeys.findById(id),
    listApiKeys: () => apiKeys.list(),
    revokeApiKey(tx, { id }) {
      const { now } = tx.moment;
      hooks.disableThoseOf(id, now, revoked(id));
      return apiKeys.revoke(id, now);
    },
    recentEvents(_, { tenant: name, limit, offset = 0, type = null, job = null, key = null }) {
      const tenant = tenants.find(name);
      return tenant === undefined ? [] : events.recent(tenant, { limit, offset }, { type, job, key });
    },
    countEvents(_, { tenant: name, fromDay, toDay }) {
      const tenant = tenants.find(name);
      return tenant === undefined ? [] : events.days(tenant, fromDay, toDay);
    },
    countJobs(_, { tenant: name, type, limit }) {
      const tenant = tenants.find(name);
      return tenant === undefined ? { sinceAt: null, jobs: [] } : events.jobs(tenant, type, limit);
    },
  };
}

/** The handler that lists keys, in the order of their code points. */
export function listHandlers(tenants: Tenants, table: ClaimTable): Pick<Handlers, 'list'> {
  function* records(tenant: number, keys: readonly string[]): Iterable<KeyPage['items'][number]> {
    for (const key of keys) {
      const record = table.get(tenant, key);
      if (record !== undefined) yield { key, record };
    }
  }

  return {
    list(tx, query) {
      const { now } = tx.moment;
      const tenant = tenants.find(query.tenant);
      if (tenant === undefined) return { items: [], cursor: null, now };
      const scan = query.status === 'unresolved' ? table.scanAsking : table.scan;
      const rows = scan(tenant, query.prefix, query.cursor ?? '', SCANNED_KEYS);
      const { keys, cursor } = pickKeys(rows, query, SCANNED_KEYS, tx);
      return pageOf(records(tenant, keys), cursor, now);
    },
  };
}
