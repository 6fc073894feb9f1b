import type { JsonObject } from '@onceonly/shared';
import { asText, isObject } from '@onceonly/shared/json.ts';
import { withOccurrence } from '@onceonly/shared/occurrence.ts';

/** Which tools a person chose to guard. Otherwise, the tools' annotations decide. */
export interface Chosen {
  /** Only these; null if not given. */
  readonly only: readonly string[] | null;
  /** All but these. */
  readonly except: readonly string[];
}

/**
 * Whether the calls of a tool are claimed: it may write, and is not idempotent. A tool without annotations is guarded.
 */
export function isGuarded(tool: JsonObject, { only, except }: Chosen): boolean {
  const name = asText(tool['name']);
  if (except.includes(name)) return false;
  if (only !== null) return only.includes(name);
  const annotations = isObject(tool['annotations']) ? tool['annotations'] : {};
  return annotations['readOnlyHint'] !== true && annotations['idempotentHint'] !== true;
}

/** A guarded tool as clients see it, with one more argument. */
export function asGuarded(tool: JsonObject): JsonObject {
  const schema = isObject(tool['inputSchema']) ? tool['inputSchema'] : { type: 'object' };
  return { ...tool, inputSchema: withOccurrence(schema) };
}
