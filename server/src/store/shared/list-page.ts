import { isExpired, type ClaimRecord } from '../../claims/record.ts';
import type { KeyPage, ListQuery } from '../../claims/claim-store.ts';
import type { Transaction } from './transaction.ts';

/** What a scan needs to know of a record. */
export type Scanned = Pick<ClaimRecord, 'state' | 'onExpired' | 'expiresAt'> & {
  readonly key: string;
  readonly forgetAt: number;
};

/** The rows that one page may look at, so that a rare status never holds up the claims behind it. */
export const SCANNED_KEYS = 5_000;
/** A page ends early once its results are as long as this. */
export const PAGE_RESULT_CHARACTERS = 1024 * 1024;

/**
 * The keys of a page, of rows in the order of their code points, from the prefix on and after the cursor; and the
 * cursor, null after the last one. There may be more rows where as many as `scanned` were read.
 */
export function pickKeys(
  rows: Iterable<Scanned>,
  { prefix, status, limit, cursor }: ListQuery,
  scanned: number,
  tx: { readonly moment: { readonly now: number } } & Pick<Transaction, 'dependsOn'>,
): { readonly keys: readonly string[]; readonly cursor: string | null } {
  const { now } = tx.moment;
  const keys: string[] = [];
  let looked = 0;
  let last = cursor ?? '';
  for (const row of rows) {
    if (!row.key.startsWith(prefix)) return { keys, cursor: null };
    if (keys.length === limit) return { keys, cursor: last };
    looked += 1;
    last = row.key;
    tx.dependsOn(row.forgetAt);
    if (row.state === 'in_progress') tx.dependsOn(row.expiresAt);
    if (now < row.forgetAt && matches(row, status, now)) keys.push(row.key);
  }
  return { keys, cursor: looked === scanned ? last : null };
}

/** The page of these records, shorter where their results are long. */
export function pageOf(
  found: Iterable<KeyPage['items'][number]>,
  cursor: string | null,
  now: number,
): KeyPage {
  const items: KeyPage['items'][number][] = [];
  let characters = 0;
  for (const item of found) {
    const last = items.at(-1);
    if (last !== undefined && characters > PAGE_RESULT_CHARACTERS) return { items, cursor: last.key, now };
    characters += item.record.result?.length ?? 0;
    items.push(item);
  }
  return { items, cursor, now };
}

/** Released keys show up only where they are asked for: to every reader there is no such key. */
export function matches(
  row: Pick<Scanned, 'state' | 'onExpired' | 'expiresAt'>,
  status: ListQuery['status'],
  now: number,
): boolean {
  if (status === null) return row.state !== 'released';
  if (status !== 'unresolved') return row.state === status;
  return row.state === 'in_progress' && row.onExpired === 'block' && isExpired(row, now);
}
