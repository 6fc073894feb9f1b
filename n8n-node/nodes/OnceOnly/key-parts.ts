import { isInexact, LONG_NUMBERS, OnceOnlyError, type Field } from '@onceonly/shared';

/** The fields that tell one event from another. */
const NAMING: readonly string[] = ['job', 'key', 'fingerprint'];

/** The parameters of the node, for one item. */
export interface Parameters {
  /** As it was entered, with its expressions. */
  raw(name: string): unknown;
  /** What it comes to. */
  value(name: string): unknown;
  evaluate(expression: string): unknown;
}

/** An expression within text. n8n ends it at the first braces that are not escaped, too. */
const EXPRESSION = /(?<!\\)\{\{(?:\\\}\}|[\s\S])*?\}\}/g;

/** What JavaScript makes of a missing value within text. */
const MISSING_IN_TEXT = /(?<![\p{L}\p{N}])(?:undefined|null|NaN)(?![\p{L}\p{N}])|\[object \w+\]/u;

/**
 * Looks at each expression of a field by itself: n8n puts nothing in the place of a value that is missing, so that
 * `{{ $json.event }}:{{ $json.order.id }}` would be one key for all events without an order. Throws `invalid_input`,
 * which names the field and the expression.
 */
export function checkParts(parameters: Parameters, field: Field, path: string): void {
  if (!NAMING.includes(field.id)) return;
  const raw = parameters.raw(path);
  if (typeof raw !== 'string' || !raw.startsWith('=')) return;
  for (const [expression] of raw.matchAll(EXPRESSION)) {
    // An expression that is all of the field has been evaluated for it.
    const isAll = raw === `=${expression}`;
    const why = whyMissing(isAll ? parameters.value(path) : parameters.evaluate(expression));
    if (why === null) continue;
    const detail = `Part of the ${field.label.toLowerCase()} is missing: ${expression} ${why}`;
    throw new OnceOnlyError('invalid_input', { field: field.id, detail });
  }
}

/**
 * A key of several expressions, as a tool of an AI agent: a model fills them in, and may write the colon between them into
 * one, so that `a:b` and `c` would be the key of `a` and `b:c`. Undefined where the field is not made of several.
 */
export function keyOfParts(parameters: Parameters, path: string): string | undefined {
  const raw = parameters.raw(path);
  if (typeof raw !== 'string' || !raw.startsWith('=') || [...raw.matchAll(EXPRESSION)].length < 2)
    return undefined;
  return raw.slice(1).replace(EXPRESSION, (expression) => {
    const part = parameters.evaluate(expression);
    return (typeof part === 'string' ? part : JSON.stringify(part))
      .replaceAll('%', '%25')
      .replaceAll(':', '%3A');
  });
}

/** Null where the value can be a part of a key. */
function whyMissing(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      if (value.trim() === '') return IS_EMPTY;
      return MISSING_IN_TEXT.test(value)
        ? `came to “${value}”, so something in it is missing. All events without it would share one key.`
        : null;
    case 'number':
      if (!Number.isFinite(value)) return 'is no number, since something in it is missing.';
      return isInexact(value)
        ? `is a number without its last digits: two events would share one key. ${LONG_NUMBERS.n8n}`
        : null;
    case 'boolean':
    case 'bigint':
      return null;
    default:
      if (value === null || value === undefined) return IS_EMPTY;
      return isTime(value) ? null : 'is a list or an object. Take the field of it that tells events apart.';
  }
}

const IS_EMPTY =
  'is empty. All events without it would share one key: take a field that every event has, or end this branch for events without one.';

/** A point in time reads as ISO-8601. */
const isTime = (value: unknown): boolean =>
  value instanceof Date || (typeof value === 'object' && value !== null && 'isLuxonDateTime' in value);
