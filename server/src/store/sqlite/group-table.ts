import type { DatabaseSync } from 'node:sqlite';
import type { GroupRecord } from '../../claims/group.ts';
import type { GroupRows } from '../shared/transaction.ts';

/** The groups in the file, including those that have expired but are not swept yet. */
export interface GroupTable extends GroupRows {
  /** Removes up to `limit` groups that have expired at `now`. Returns how many. */
  sweep(now: number, limit: number): number;
}

export function prepareGroupTable(db: DatabaseSync): GroupTable {
  const select = db.prepare('SELECT record FROM groups WHERE tenant = ? AND key = ?');
  const replace = db.prepare(
    'INSERT OR REPLACE INTO groups (tenant, key, forget_at, record) VALUES (?, ?, ?, ?)',
  );
  const forget = db.prepare(
    `DELETE FROM groups WHERE (tenant, key) IN
       (SELECT tenant, key FROM groups WHERE forget_at <= ? ORDER BY forget_at LIMIT ?)`,
  );
  return {
    get(tenant, name) {
      const row = select.get(tenant, name) as { readonly record: string } | undefined;
      return row && (JSON.parse(row.record) as GroupRecord);
    },
    put(tenant, name, group) {
      replace.run(tenant, name, group.until, JSON.stringify(group));
    },
    sweep: (now, limit) => Number(forget.run(now, limit).changes),
  };
}
