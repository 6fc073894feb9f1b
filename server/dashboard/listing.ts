import type { KeyItem } from './answers.ts';
import type { Answer, Api } from './api.ts';

export interface Page {
  readonly items: readonly KeyItem[];
  /** Where the next page begins; null after the last. */
  readonly cursor: string | null;
  /** The look was given up before the page was full: a rare status among many keys. */
  readonly isCutShort: boolean;
}

const PAGE_KEYS = 25;
/** A server looks at some thousand keys a request. */
const REQUESTS_A_PAGE = 10;

/** One page of keys; of a status that is rare, as many requests as it may take. */
export async function listPage(
  api: Api,
  { prefix, status }: { readonly prefix: string; readonly status: string },
  from: string | null,
): Promise<Answer<Page>> {
  const items = new Map<string, KeyItem>();
  let cursor = from;
  for (let asked = 0; asked < REQUESTS_A_PAGE; asked += 1) {
    const limit = PAGE_KEYS - items.size;
    const answer = await api.keys({ prefix, status, limit, cursor });
    if ('failure' in answer) return answer;
    for (const item of answer.body.items) items.set(item.key, item);
    ({ cursor } = answer.body);
    if (cursor === null || items.size >= PAGE_KEYS) break;
  }
  const isCutShort = cursor !== null && items.size < PAGE_KEYS;
  return { body: { items: [...items.values()], cursor, isCutShort } };
}
