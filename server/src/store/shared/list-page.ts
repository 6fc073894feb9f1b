import { hasDied, unresolved, type ClaimRecord } from '../../claims/record.ts';
import type { KeyPage, ListQuery } from '../../claims/claim-store.ts';
import type { Transaction } from './transaction.ts';

/** The parts of a record that a scan reads. */
export type Scanned = Pick<ClaimRecord, 'state' | 'onExpired' | 'expiresAt'> & {
  readonly key: string;
  readonly forgetAt: number;
};

/** The most rows that one page reads, so that a search for a rare status does not delay claims. */
export const SCANNED_KEYS = 5_000;
/** A page ends early when its results are this long. */
export const PAGE_RESULT_CHARACTERS = 1024 * 1024;

/**
 * Picks the keys of a page. `rows` begin at the prefix and after the cursor, in the order of the keys' code points. Returns the keys
 * and the next cursor, which is null if there are no more. If `scanned` rows were read, there may be more.
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

/** Makes a page of these records. It has fewer of them if their results are long. */
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

/** Whether a record has the status of the query. Released keys match only if they are asked for. */
export function matches(
  row: Pick<Scanned, 'state' | 'onExpired' | 'expiresAt'>,
  status: ListQuery['status'],
  now: number,
): boolean {
  if (status === null) return row.state !== 'released';
  if (status === 'unresolved') return unresolved(row, now);
  return status === 'died' ? hasDied(row, now) : row.state === status;
}
