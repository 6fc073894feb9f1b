import { expiries, states } from '../shared/codes.ts';
import { pageOf, pickKeys, SCANNED_KEYS } from '../shared/list-page.ts';
import type { Tenants } from '../shared/transaction.ts';
import type { Handlers } from './handlers.ts';
import { CLAIMS, toClaimRecord, type ClaimRow } from './rows.ts';

type ScannedRow = Pick<ClaimRow, 'key' | 'state' | 'on_expired' | 'expires_at' | 'forget_at'>;

const scanOf = (
  condition: string,
): string => `SELECT key, state, on_expired, expires_at, forget_at FROM claims
  WHERE tenant = $1 AND key >= greatest($2, $3 COLLATE "C") AND key <> $3 ${condition} ORDER BY key LIMIT $4`;
const SCAN = scanOf('');
/** Uses the index of keys that wait for a person's decision, or will do so when their lease expires. */
const SCAN_ASKING = scanOf('AND state = 0 AND on_expired = 1');

/** The handler that lists keys, in the order of their code points. */
export function listHandlers(tenants: Tenants): Handlers<'list'> {
  return {
    async list(tx, query) {
      const { now } = tx;
      const tenant = tenants.find(query.tenant);
      if (tenant === undefined) return { items: [], cursor: null, now };
      // Without a status, nearly every row is returned, so few need to be read.
      const scanned = query.status === null ? Math.min(SCANNED_KEYS, 2 * query.limit + 1) : SCANNED_KEYS;
      const scan = query.status === 'unresolved' ? SCAN_ASKING : SCAN;
      const range = [tenant, query.prefix, query.cursor ?? '', scanned];
      const rows = await tx.query<ScannedRow>(scan, range);
      const seen = { anEnd: false };
      const dependsOn = (endsAt: number): void => {
        if (endsAt <= now) seen.anEnd = true;
      };
      const { keys, cursor } = pickKeys(rows.map(scannedOf), query, scanned, { moment: { now }, dependsOn });
      if (seen.anEnd) tx.keepTime();
      const found = await tx.query<ClaimRow>(
        `SELECT ${CLAIMS.columns.join(', ')} FROM claims WHERE tenant = $1 AND key = ANY ($2::text[]) ORDER BY key`,
        [tenant, keys],
      );
      const items = found.map((row) => ({ key: row.key, record: toClaimRecord(row) }));
      return pageOf(items, cursor, now);
    },
  };
}

function scannedOf({ key, state, on_expired, expires_at, forget_at }: ScannedRow) {
  const times = { expiresAt: expires_at, forgetAt: forget_at };
  return { key, state: states.value(state), onExpired: expiries.value(on_expired), ...times };
}
