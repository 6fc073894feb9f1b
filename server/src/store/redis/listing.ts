import type { KeyPage, ListQuery } from '../../claims/store.ts';
import { LIST } from './lua/list.ts';
import { recordOf } from './record.ts';
import type { Value } from './reply.ts';
import { script } from './script.ts';
import type { Tenants } from './tenants.ts';

/** How many of the node's keys one look goes through, and how many looks a page takes. */
const KEYS_A_LOOK = 250;
const LOOKS_A_PAGE = 20;
/** A page ends early once its results are as long as this. */
const PAGE_RESULT_CHARACTERS = 1024 * 1024;

const list = script(LIST);

/**
 * A page of keys, found by SCAN: no key pays for an index. A page looks at 5,000 keys of the node, other tenants' and
 * other programs' included, and may be empty with more to come.
 */
export async function listKeys(tenants: Tenants, query: ListQuery): Promise<KeyPage> {
  const { tenant, prefix, status, limit, cursor } = query;
  const items: KeyPage['items'][number][] = [];
  let [, scan = '0', after = ''] = /^(\d{1,20}):(.*)$/s.exec(cursor ?? '') ?? [];
  let characters = 0;
  let now = 0;
  for (let look = 0; look < LOOKS_A_PAGE; look += 1) {
    const answer = (await tenants.run(tenant, list, {
      prefix,
      status,
      scan,
      after: after === '' ? null : after,
      limit: limit - items.length,
      count: KEYS_A_LOOK,
      characters: PAGE_RESULT_CHARACTERS - characters,
    })) as readonly [number, string, string | null, number, readonly Value[]];
    const found = answer[4];
    for (let at = 0; at < found.length; at += 2) {
      items.push({ key: found[at] as string, record: recordOf(found[at + 1] ?? []) });
    }
    now = answer[0];
    scan = answer[1];
    after = answer[2] ?? '';
    characters += answer[3];
    if (after === '' && scan === '0') return { items, cursor: null, now };
    if (after !== '' || items.length >= limit || characters > PAGE_RESULT_CHARACTERS) break;
  }
  return { items, cursor: `${scan}:${after}`, now };
}
