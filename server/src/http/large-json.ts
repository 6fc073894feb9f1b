import { LIMITS } from '@onceonly/shared/limits.ts';
import { INLINE_CHARACTERS } from './tasks.ts';
import { elementsOf, rawMembers } from './raw-json.ts';
import { createYield } from './yield-to-others.ts';

/** The part of a JSON Schema that says which members an object has, and the items of a list. */
export interface MembersOf {
  readonly properties?: Readonly<Record<string, MembersOf>>;
  readonly items?: MembersOf;
}

/** Members that the server uses only as text, however large they are. */
const AS_TEXT: ReadonlySet<string> = new Set(['metadata', 'result', 'payload', 'headers']);

/**
 * Parses JSON text in steps, between which other requests run. Of a large object, only the members that the schema knows are
 * parsed; of a large list, the elements, if the schema describes them. Large results and payloads stay text: here they are
 * only `{}`, or an empty list of the same length. The text must be valid JSON.
 */
export function parseInSteps(
  text: string,
  known: MembersOf,
  yieldToOthers: () => Promise<void> = createYield(),
): Promise<unknown> {
  async function parse(json: string, schema: MembersOf, isText: boolean): Promise<unknown> {
    await yieldToOthers();
    const raw = json.trim();
    const isList = raw.startsWith('[');
    if (raw.length <= INLINE_CHARACTERS || (!isList && !raw.startsWith('{')))
      return JSON.parse(raw) as unknown;
    if (isText) return isList ? parseList(raw, undefined) : {};
    const names = Object.keys(schema.properties ?? {});
    if (isList)
      return schema.items === undefined ? (JSON.parse(raw) as unknown) : parseList(raw, schema.items);
    if (names.length === 0) return JSON.parse(raw) as unknown;
    const object: Record<string, unknown> = {};
    for (const [name, member] of rawMembers(raw, names))
      object[name] = await parse(member, schema.properties?.[name] ?? {}, AS_TEXT.has(name));
    return object;
  }

  async function parseList(raw: string, items: MembersOf | undefined): Promise<readonly unknown[]> {
    const list: unknown[] = [];
    let length = 0;
    for (const element of elementsOf(raw)) {
      length += 1;
      if (items !== undefined && length <= LIMITS.batchItems) list.push(await parse(element, items, false));
      else await yieldToOthers();
    }
    list.length = length;
    return list;
  }

  return parse(text, known, false);
}
