import { LIMITS } from '@onceonly/shared/limits.ts';
import { AT_ONCE } from './heavy.ts';
import { elementsOf, rawMembers } from './raw-json.ts';
import { createTurns } from './turns.ts';

/** Of a JSON Schema: the members that are known of an object, and of the objects in its lists. */
export interface MembersOf {
  readonly properties?: Readonly<Record<string, MembersOf>>;
  readonly items?: MembersOf;
}

/**
 * The value of JSON text, as far as its schema knows it: of a large object the members that are known, of a large list the
 * elements, where the schema says what they are. Anything else that is large is shown by its kind alone, `{}` or a list of
 * that length: it stays text. Takes turns with other requests. The text must be JSON.
 */
export function parseInSteps(
  text: string,
  known: MembersOf,
  takeTurns: () => Promise<void> = createTurns(),
): Promise<unknown> {
  async function parse(json: string, { properties, items }: MembersOf): Promise<unknown> {
    await takeTurns();
    const raw = json.trim();
    if (raw.length <= AT_ONCE || (!raw.startsWith('{') && !raw.startsWith('[')))
      return JSON.parse(raw) as unknown;
    if (raw.startsWith('[')) return parseList(raw, items);
    const object: Record<string, unknown> = {};
    for (const [name, member] of rawMembers(raw, Object.keys(properties ?? {})))
      object[name] = await parse(member, properties?.[name] ?? {});
    return object;
  }

  async function parseList(raw: string, items: MembersOf | undefined): Promise<readonly unknown[]> {
    const list: unknown[] = [];
    let length = 0;
    for (const element of elementsOf(raw)) {
      length += 1;
      if (items !== undefined && length <= LIMITS.batchItems) list.push(await parse(element, items));
      else await takeTurns();
    }
    list.length = length;
    return list;
  }

  return parse(text, known);
}
