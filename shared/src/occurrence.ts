import { isObject, type JsonObject } from './json.ts';

/** The argument by which a tool's call says that it is meant once more. */
export const OCCURRENCE = 'onceonly_occurrence';

/** The JSON schema of a tool's input with one more argument, which may be left out. */
export function withOccurrence(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const occurrence = {
    type: 'integer',
    minimum: 1,
    description:
      'Leave it out. A call with the same arguments is made once, and later calls get its result. Where the same call is meant once more, say 2 for the second time, 3 for the third.',
  };
  return { ...schema, properties: { ...properties, [OCCURRENCE]: occurrence } };
}

/** A call's own arguments, and for which time it is meant; null where that is no whole number from 1 on. */
export function readOccurrence(given: JsonObject): { args: JsonObject; occurrence: number } | null {
  const { [OCCURRENCE]: said, ...args } = given;
  const occurrence = said ?? 1;
  return typeof occurrence === 'number' && Number.isSafeInteger(occurrence) && occurrence >= 1
    ? { args, occurrence }
    : null;
}
