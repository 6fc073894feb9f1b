import { isObject, type JsonObject } from './json.ts';

/** The argument with which a tool call says that the same call is meant again. */
export const OCCURRENCE = 'onceonly_occurrence';

/** Adds the optional argument to the JSON schema of a tool's input. */
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

/** Splits a call into its own arguments and the occurrence; null if that is not a whole number of at least 1. */
export function readOccurrence(given: JsonObject): { args: JsonObject; occurrence: number } | null {
  const { [OCCURRENCE]: said, ...args } = given;
  const occurrence = said ?? 1;
  return typeof occurrence === 'number' && Number.isSafeInteger(occurrence) && occurrence >= 1
    ? { args, occurrence }
    : null;
}
