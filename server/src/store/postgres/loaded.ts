import type { ClaimRecord } from '../../claims/record.ts';
import type { ClaimRows, LockRows } from '../shared/transaction.ts';
import type { LockRecord } from '../../claims/life.ts';
import { toClaimRecord, toClaimRow, toLockRecord, toLockRow, type ClaimRow, type LockRow } from './rows.ts';
import type { Tx } from './session.ts';

/** The rows that a batch is about: loaded at once, changed in memory, written at once. */
interface Loaded<Entry> {
  get(tenant: number, key: string): Entry | undefined;
  put(tenant: number, key: string, entry: Entry): void;
  entries(): Iterable<readonly [tenant: number, key: string, entry: Entry]>;
  /**
   * Sends what was changed. A row that was not there must still not be there: else the statement fails as a duplicate,
   * and the batch has to be done again. The others are locked.
   */
  write(tx: Tx): void;
}

interface Table<Entry, Row> {
  readonly name: string;
  /** All but `tenant` and `key`. */
  readonly columns: readonly string[];
  readonly toRow: (tenant: number, key: string, entry: Entry) => Row;
}

function load<Entry, Row extends { readonly tenant: number; readonly key: string }>(
  table: Table<Entry, Row>,
  rows: readonly Row[],
  toEntry: (row: Row) => Entry,
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
    *entries() {
      for (const { tenant, key, entry } of entries.values()) yield [tenant, key, entry];
    },
    write(tx) {
      const added: Row[] = [];
      const others: Row[] = [];
      for (const id of changed) {
        const found = entries.get(id);
        if (found === undefined) continue;
        (found.isNew ? added : others).push(table.toRow(found.tenant, found.key, found.entry));
      }
      const { name, columns } = table;
      if (added.length > 0) {
        tx.send(
          `INSERT INTO ${name} SELECT * FROM json_populate_recordset(null::${name}, $1) ORDER BY tenant, key`,
          [JSON.stringify(added)],
        );
      }
      if (others.length > 0) {
        tx.send(
          `UPDATE ${name} AS old SET (${columns.join(', ')}) = ROW (${columns.map((c) => `new.${c}`).join(', ')})
           FROM json_populate_recordset(null::${name}, $1) AS new
           WHERE old.tenant = new.tenant AND old.key = new.key`,
          [JSON.stringify(others)],
        );
      }
    },
  };
}

const CLAIM_COLUMNS = [
  ...['forget_at', 'state', 'on_expired', 'expires_at', 'lease_id', 'holder', 'run', 'attempt'],
  ...['attempts_released', 'version', 'fence', 'epoch', 'ttl_seconds', 'retention_seconds', 'max_attempts'],
  ...['fingerprint', 'first_seen_at', 'claimed_at', 'done_at', 'result_hash', 'error_code', 'retryable'],
  ...['rejected_empty', 'death_told', 'metadata', 'result'],
];
const LOCK_COLUMNS = ['expires_at', 'first_seen_at', 'ttl_seconds', 'holder', 'metadata'];

export function loadClaims(rows: readonly ClaimRow[]): Loaded<ClaimRecord> & ClaimRows {
  const claims = load({ name: 'claims', columns: CLAIM_COLUMNS, toRow: toClaimRow }, rows, toClaimRecord);
  return {
    ...claims,
    keysOfRun(tenant, run) {
      const keys: string[] = [];
      for (const [of, key, record] of claims.entries()) {
        if (of === tenant && record.run === run && record.state === 'in_progress') keys.push(key);
      }
      return keys;
    },
  };
}

export function loadLocks(rows: readonly LockRow[]): Loaded<LockRecord> & LockRows {
  return load({ name: 'locks', columns: LOCK_COLUMNS, toRow: toLockRow }, rows, toLockRecord);
}
