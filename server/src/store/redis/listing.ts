import { present, type ClaimRecord } from '../../claims/record.ts';
import type { KeyPage, ListQuery } from '../../claims/claim-store.ts';
import { forgetAt } from '../../claims/record.ts';
import { matches, PAGE_RESULT_CHARACTERS, SCANNED_KEYS } from '../shared/list-page.ts';
import { script, type Link } from './link.ts';
import { CLAIMS } from './record-text.ts';
import type { RedisTenants } from './tenants.ts';
import type { RedisTransaction } from './transaction.ts';
import type { Transactions } from './run-transaction.ts';

const SCAN = script('scan');

/** How many keys of the node one SCAN reads, and how many records are loaded together. */
const KEYS_A_LOOK = 250;
const RECORDS_A_LOAD = 50;

type Item = KeyPage['items'][number];

/**
 * Lists keys with SCAN, so that no claim has the cost of an index. A page reads 5,000 keys of the node, including those of other
 * tenants and programs, so it may be empty although there are more pages. The cursor consists of the cursor of SCAN and the last key
 * that was returned. With it, the next page continues within the keys of the same SCAN if they did not all fit.
 */
export function createListing(link: Link, tenants: RedisTenants, transactions: Transactions) {
  async function scanKeys(tenant: string, prefix: string, scan: string) {
    const base = tenants.base(tenant);
    const names = base + CLAIMS.infix;
    const pattern = `${(names + prefix).replace(/[*?[\]\\]/g, '\\$&')}*`;
    const answer = await link.run(SCAN, [base], [scan, pattern, KEYS_A_LOOK]);
    const [next, found] = answer as readonly [string, readonly string[]];
    return { next, keys: found.map((name) => name.slice(names.length)).sort() };
  }

  async function loadSome(
    query: ListQuery,
    keys: readonly string[],
  ): Promise<{ items: readonly Item[]; now: number }> {
    const { value } = await transactions.run(query.tenant, { claims: keys }, (tx) => ({
      items: keys.flatMap((key) => {
        const record = shownOf(tx, key, query.status);
        return record === undefined ? [] : [{ key, record }];
      }),
      now: tx.moment.now,
    }));
    return value;
  }

  return async function listKeys(query: ListQuery): Promise<KeyPage> {
    const { tenant, prefix, limit, cursor } = query;
    const items: Item[] = [];
    let [, scan = '0', after = ''] = /^(\d{1,20}):(.*)$/s.exec(cursor ?? '') ?? [];
    let characters = 0;
    let { now } = await transactions.read(tenant);
    for (let looked = 0; looked < SCANNED_KEYS; looked += KEYS_A_LOOK) {
      const { next, keys } = await scanKeys(tenant, prefix, scan);
      const rest = keys.filter((key) => key > after);
      while (rest.length > 0) {
        if (items.length >= limit || characters > PAGE_RESULT_CHARACTERS) {
          return { items, cursor: `${scan}:${after}`, now };
        }
        const some = rest.splice(0, Math.min(RECORDS_A_LOAD, limit - items.length));
        const loaded = await loadSome(query, some);
        items.push(...loaded.items);
        for (const { record } of loaded.items) characters += record.result?.length ?? 0;
        now = loaded.now;
        after = some.at(-1) ?? after;
      }
      scan = next;
      after = '';
      if (scan === '0') return { items, cursor: null, now };
    }
    return { items, cursor: `${scan}:`, now };
  };
}

/** The record, if there is one and it has the status of the query. */
function shownOf(tx: RedisTransaction, key: string, status: ListQuery['status']): ClaimRecord | undefined {
  const record = tx.claims.get(0, key);
  if (record === undefined) return undefined;
  tx.dependsOn(forgetAt(record));
  if (record.state === 'in_progress') tx.dependsOn(record.expiresAt);
  const there = present(record, tx.moment.now);
  return there !== undefined && matches(there, status, tx.moment.now) ? there : undefined;
}
