import type { JsonObject } from '@onceonly/shared';
import { asText, isObject } from '@onceonly/shared/json.ts';
import { withOccurrence } from '@onceonly/shared/occurrence.ts';

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

/** A guarded tool as a client sees it: with one more argument. */
export function asGuarded(tool: JsonObject): JsonObject {
  const schema = isObject(tool['inputSchema']) ? tool['inputSchema'] : { type: 'object' };
  return { ...tool, inputSchema: withOccurrence(schema) };
}
