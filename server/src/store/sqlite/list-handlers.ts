import { isExpired } from '../../claims/life.ts';
import type { KeyPage, ListQuery } from '../../claims/store.ts';
import type { ClaimTable, Scanned } from './claim-table.ts';
import type { Handlers } from './engine.ts';
import type { Tenants } from '../shared/transaction.ts';

/** The rows that one page may look at, so that a rare status never holds up the claims behind it. */
const SCANNED_ROWS = 5_000;
/** A page ends early once its results are as long as this. */
const PAGE_RESULT_CHARACTERS = 1024 * 1024;

/** Pages of keys, in the order of their code points. */
export function listHandlers(tenants: Tenants, table: ClaimTable): Pick<Handlers, 'list'> {
  return {
    list(tx, { tenant: name, prefix, status, limit, cursor }) {
      const { now } = tx.moment;
      const tenant = tenants.find(name);
      if (tenant === undefined) return { items: [], cursor: null, now };

      const keys: string[] = [];
      let looked = 0;
      let last = cursor ?? '';
      let ended = true;
      for (const row of table.scan(tenant, prefix, last, SCANNED_ROWS)) {
        if (!row.key.startsWith(prefix)) break;
        if (keys.length === limit) {
          ended = false;
          break;
        }
        looked += 1;
        last = row.key;
        tx.saw(row.forgetAt);
        if (row.state === 'in_progress') tx.saw(row.expiresAt);
        if (now < row.forgetAt && matches(row, status, now)) keys.push(row.key);
        if (looked === SCANNED_ROWS) ended = false;
      }
      return page(tenant, keys, ended ? null : last, now);
    },
  };

  function page(tenant: number, keys: readonly string[], cursor: string | null, now: number): KeyPage {
    const items: { key: string; record: KeyPage['items'][number]['record'] }[] = [];
    let characters = 0;
    for (const key of keys) {
      const last = items.at(-1);
      if (last !== undefined && characters > PAGE_RESULT_CHARACTERS) return { items, cursor: last.key, now };
      const record = table.get(tenant, key);
      if (record === undefined) continue;
      characters += record.result?.length ?? 0;
      items.push({ key, record });
    }
    return { items, cursor, now };
  }
}

/** Released keys show up only where they are asked for: to every reader there is no such key. */
function matches(row: Scanned, status: ListQuery['status'], now: number): boolean {
  if (status === null) return row.state !== 'released';
  if (status !== 'unresolved') return row.state === status;
  return row.state === 'in_progress' && row.onExpired === 'block' && isExpired(row, now);
}
