import type { JsonObject } from '@onceonly/shared';
import { asText, isObject } from '@onceonly/shared/json.ts';

/** The argument by which a call says that it is meant once more. */
export const OCCURRENCE = 'onceonly_occurrence';

/** Which tools are guarded, where a person says so; otherwise the tools' own annotations decide. */
export interface Chosen {
  /** Only these; null: not said. */
  readonly only: readonly string[] | null;
  /** All but these. */
  readonly except: readonly string[];
}

/**
 * Whether a tool's calls are claimed: it may write, and its second call might do again what the first did. A tool that says
 * nothing of itself may.
 */
export function isGuarded(tool: JsonObject, { only, except }: Chosen): boolean {
  const name = asText(tool['name']);
  if (except.includes(name)) return false;
  if (only !== null) return only.includes(name);
  const annotations = isObject(tool['annotations']) ? tool['annotations'] : {};
  return annotations['readOnlyHint'] !== true && annotations['idempotentHint'] !== true;
}

/** A guarded tool as a client sees it: with one more argument, which it may leave out. */
export function withOccurrence(tool: JsonObject): JsonObject {
  const schema = isObject(tool['inputSchema']) ? tool['inputSchema'] : { type: 'object' };
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const occurrence = {
    type: 'integer',
    minimum: 1,
    description:
      'Leave it out. A call with the same arguments is made once, and later calls get its result. Where the same call is meant once more, say 2 for the second time, 3 for the third.',
  };
  return { ...tool, inputSchema: { ...schema, properties: { ...properties, [OCCURRENCE]: occurrence } } };
}

/** A call's own arguments, and for which time it is meant; null where that is no whole number from 1 on. */
export function readOccurrence(given: JsonObject): { args: JsonObject; occurrence: number } | null {
  const { [OCCURRENCE]: said, ...args } = given;
  const occurrence = said ?? 1;
  return typeof occurrence === 'number' && Number.isSafeInteger(occurrence) && occurrence >= 1
    ? { args, occurrence }
    : null;
}
