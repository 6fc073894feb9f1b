import { judgeResult, type Emptiness } from '@onceonly/shared/empty/judge.ts';
import type { Derived } from '@onceonly/shared/sources/derive.ts';
import { derive, type DeliveryBody } from './derived.ts';
import { whyNotJson } from './json-text.ts';
import type { Refusal } from './refusal.ts';

/** What takes long where a request is large. Each works on JSON text, which goes to another thread in no time. */
export const heavy = {
  /** Why the text is not JSON that can be worked with; null where it is. */
  whyNotJson,
  /** Whether a result is empty. */
  judge: (result: string): Emptiness => judgeResult(JSON.parse(result)),
  /** The keys of the delivery in a body. */
  derive: (body: string, now: number): Derived | Refusal =>
    derive(JSON.parse(body) as DeliveryBody, body, now),
};

export type Heavy = typeof heavy;

/** Characters of text that are worked on at once. Deriving a key takes longest: 25 ms on a busy machine. */
export const AT_ONCE = 16 * 1024;
