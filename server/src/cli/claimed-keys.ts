import type { Api } from './api.ts';

/** A key as `/v1/keys` lists it. */
export interface ClaimedKey {
  readonly key: string;
  readonly status: string;
  readonly exhausted: boolean;
  readonly unresolved: boolean;
  readonly attempt: number;
  readonly error_code: string | null;
  readonly claimed_at: string;
  readonly expires_at: string;
  readonly done_at: string | null;
}

interface Page {
  readonly items: readonly ClaimedKey[];
  readonly cursor: string | null;
}

export interface Wanted {
  readonly prefix?: string;
  readonly status?: string;
  readonly limit: number;
}

const PAGE = 500;

/** Up to `limit` keys, each once, although pages may be short or repeat a key. `isAll`: there are no more. */
export async function claimedKeys(
  api: Api,
  { prefix = '', status = '', limit }: Wanted,
): Promise<{ readonly items: readonly ClaimedKey[]; readonly isAll: boolean }> {
  const found = new Map<string, ClaimedKey>();
  let cursor: string | null = null;
  do {
    const query: Record<string, string | number | null> = {
      prefix,
      status,
      cursor,
      limit: Math.min(PAGE, limit),
    };
    const page: Page | null = await api.get<Page>('/v1/keys', 'items', query);
    for (const item of page?.items ?? []) found.set(item.key, item);
    cursor = page?.cursor ?? null;
  } while (cursor !== null && found.size < limit);
  return { items: [...found.values()].slice(0, limit), isAll: cursor === null && found.size <= limit };
}

/** The status by which lists can be filtered, or `exhausted`. */
export function statusOf({
  status,
  exhausted,
  unresolved,
}: Pick<ClaimedKey, 'status' | 'exhausted' | 'unresolved'>): string {
  return exhausted ? 'exhausted' : unresolved ? 'unresolved' : status;
}
