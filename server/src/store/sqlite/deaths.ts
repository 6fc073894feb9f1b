import { diedUntold, toldOfDeath, unresolved } from '../../claims/record.ts';
import type { ClaimTable } from './claim-table.ts';
import { tell } from '../shared/tell.ts';
import type { Transaction } from '../shared/transaction.ts';

/** Tells of up to `limit` runs that died, forgotten records included; answers how many. */
export type TellDeaths = (tx: Transaction, limit: number) => number;

/** The mark is set in the very transaction that writes the events, so that no two servers tell of one death. */
export function prepareDeaths(table: ClaimTable): TellDeaths {
  return (tx, limit) => {
    const { now } = tx.moment;
    const died = table.died(now, limit);
    for (const [tenant, key] of died) {
      const record = table.get(tenant, key);
      if (record === undefined || !diedUntold(record, now)) continue;
      table.put(tenant, key, toldOfDeath(record));
      tell(tx, tenant, key, 'run_died', record);
      if (unresolved(record, now)) tell(tx, tenant, key, 'unresolved', record);
    }
    return died.length;
  };
}
