import type { KeyPage } from '../../claims/store.ts';
import { pageOf, pickKeys, SCANNED_KEYS } from '../shared/list-page.ts';
import type { Tenants } from '../shared/transaction.ts';
import type { ClaimTable } from './claim-table.ts';
import type { Handlers } from './transaction.ts';

/** Pages of keys, in the order of their code points. */
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
