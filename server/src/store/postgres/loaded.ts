import type { GroupRecord } from '../../claims/group.ts';
import type { LockRecord } from '../../claims/lock.ts';
import type { ClaimRecord } from '../../claims/record.ts';
import type { ClaimRows, GroupRows, LockRows } from '../shared/transaction.ts';
import {
  CLAIMS,
  GROUPS,
  literalOf,
  LOCKS,
  toClaimRecord,
  toClaimRow,
  toGroupRecord,
  toGroupRow,
} from './rows.ts';
import { toLockRecord, toLockRow, type ClaimRow, type GroupRow, type LockRow, type Table } from './rows.ts';
import type { KeyOfRun } from './load.ts';
import type { Tx } from './connection.ts';

/** The rows of one table in a batch: loaded together, changed in memory, written together. */
interface Loaded<Entry> {
  get(tenant: number, key: string): Entry | undefined;
  put(tenant: number, key: string, entry: Entry): void;
  /**
   * Sends the changes. If another server inserted one of the new rows meanwhile, the statement fails with a unique violation, and the
   * batch has to be run again. Existing rows are locked.
   */
  write(tx: Tx): void;
}

/** How the entries map to rows of a table. */
interface Mapping<Entry, Row> {
  readonly table: Table;
  readonly toEntry: (row: Row) => Entry;
  readonly toRow: (tenant: number, key: string, entry: Entry) => Row;
}

function mapped<Entry, Row>({ table, toEntry, toRow }: Mapping<Entry, Row>) {
  const { name, row, columns } = table;
  const all = columns.join(', ');
  const given = `unnest($1::${row}[])`;
  const changes = columns.slice(2).map((column) => `${column} = new.${column}`);
  return {
    toEntry,
    toLiteral: (tenant: number, key: string, entry: Entry) =>
      literalOf(table, toRow(tenant, key, entry) as object),
    insert: `INSERT INTO ${name} (${all}) SELECT ${all} FROM ${given} ORDER BY tenant, key`,
    update: `UPDATE ${name} AS old SET ${changes.join(', ')} FROM ${given} AS new
      WHERE old.tenant = new.tenant AND old.key = new.key`,
  };
}

const CLAIM_ROWS = mapped({ table: CLAIMS, toEntry: toClaimRecord, toRow: toClaimRow });
const GROUP_ROWS = mapped({ table: GROUPS, toEntry: toGroupRecord, toRow: toGroupRow });
const LOCK_ROWS = mapped({ table: LOCKS, toEntry: toLockRecord, toRow: toLockRow });

function load<Entry, Row extends { readonly tenant: number; readonly key: string }>(
  { toEntry, toLiteral, insert, update }: ReturnType<typeof mapped<Entry, Row>>,
  rows: readonly Row[],
): Loaded<Entry> {
  const entries = new Map<string, { tenant: number; key: string; entry: Entry; isNew: boolean }>();
  const changed = new Set<string>();
  for (const row of rows) {
    const { tenant, key } = row;
    entries.set(`${tenant}/${key}`, { tenant, key, entry: toEntry(row), isNew: false });
  }
  return {
    get: (tenant, key) => entries.get(`${tenant}/${key}`)?.entry,
    put(tenant, key, entry) {
      const id = `${tenant}/${key}`;
      entries.set(id, { tenant, key, entry, isNew: entries.get(id)?.isNew ?? true });
      changed.add(id);
    },
    write(tx) {
      const added: string[] = [];
      const others: string[] = [];
      for (const id of changed) {
        const found = entries.get(id);
        if (found === undefined) continue;
        const row = toLiteral(found.tenant, found.key, found.entry);
        (found.isNew ? added : others).push(row);
      }
      if (added.length > 0) tx.send(insert, [added]);
      if (others.length > 0) tx.send(update, [others]);
    },
  };
}

/** `ofRuns`: the keys that were found for the steps through the keys of runs. */
export function loadClaims(
  rows: readonly ClaimRow[],
  ofRuns: readonly KeyOfRun[] = [],
): Loaded<ClaimRecord> & ClaimRows {
  return {
    ...load(CLAIM_ROWS, rows),
    keysOfRun: (tenant, run, after) =>
      ofRuns
        .filter((found) => found.tenant === tenant && found.run === run && found.after === after)
        .map(({ key }) => key),
  };
}

export function loadGroups(rows: readonly GroupRow[]): Loaded<GroupRecord> & GroupRows {
  return load(GROUP_ROWS, rows);
}

export function loadLocks(rows: readonly LockRow[]): Loaded<LockRecord> & LockRows {
  return load(LOCK_ROWS, rows);
}
