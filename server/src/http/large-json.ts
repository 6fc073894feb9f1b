import { LIMITS } from '@onceonly/shared/limits.ts';
import { AT_ONCE } from './heavy.ts';
import { elementsOf, rawMembers } from './raw-json.ts';
import { createTurns } from './turns.ts';

/** Of a JSON Schema: the members that are known of an object, and of the objects in its lists. */
export interface MembersOf {
  readonly properties?: Readonly<Record<string, MembersOf>>;
  readonly items?: MembersOf;
}

/** Members with whose text alone the server works, however large they are. */
const AS_TEXT: ReadonlySet<string> = new Set(['metadata', 'result', 'payload', 'headers']);

/**
 * The value of JSON text, as far as its schema knows it: of a large object the members that are known, of a large list the
 * elements, where the schema says what they are. Large results and payloads are shown by their kind alone, `{}` or a list
 * of that length: they stay text. Takes turns with other requests. The text must be JSON.
 */
export function parseInSteps(
  text: string,
  known: MembersOf,
  takeTurns: () => Promise<void> = createTurns(),
): Promise<unknown> {
  async function parse(json: string, schema: MembersOf, isText: boolean): Promise<unknown> {
    await takeTurns();
    const raw = json.trim();
    const isList = raw.startsWith('[');
    if (raw.length <= AT_ONCE || (!isList && !raw.startsWith('{'))) return JSON.parse(raw) as unknown;
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
      else await takeTurns();
    }
    list.length = length;
    return list;
  }

  return parse(text, known, false);
}
