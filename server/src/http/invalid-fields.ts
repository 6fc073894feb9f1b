import { RUN_URL } from '@onceonly/shared/origin.ts';
import { count, shorten, type InvalidField } from './refusal.ts';

/** One of ajv's errors, with `verbose` on. */
export interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  readonly parentSchema?: FieldSchema;
}

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | null)[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
}

/** The hosted API's names for ajv's keywords. */
const TYPES: Readonly<Record<string, string>> = {
  required: 'missing',
  minLength: 'string_too_short',
  maxLength: 'string_too_long',
  pattern: 'string_pattern_mismatch',
  minimum: 'greater_than_equal',
  maximum: 'less_than_equal',
  enum: 'enum',
  minItems: 'too_short',
  maxItems: 'too_long',
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'string_type',
  integer: 'int_type',
  number: 'float_type',
  boolean: 'bool_type',
  object: 'dict_type',
  array: 'list_type',
};

/** How many faults one answer lists: more than any request has fields. */
export const NAMED_FAULTS = 50;

/**
 * Lists what is wrong with a request in the form of the hosted API, in words for people who do not program. If there are more
 * than `atMost` faults, the last entry says how many are not listed.
 */
export function invalidFields(
  faults: readonly SchemaFault[],
  part: 'body' | 'query',
  atMost = NAMED_FAULTS,
): InvalidField[] {
  const named = faults.slice(0, atMost).map((fault) => invalidField(fault, part));
  const more = faults.length - named.length;
  if (more === 0) return named;
  const msg = `${count(more)} more ${more === 1 ? 'fault is' : 'faults are'} not listed here.`;
  return [...named, { type: 'more', loc: [part], msg, input: null }];
}

/**
 * Finds a list that is longer than its schema allows. This is checked first, because ajv would validate every element, and
 * might report a fault in each.
 */
export function tooLongList(schema: object, value: unknown): SchemaFault | null {
  const { properties = {} } = schema as FieldSchema;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, parentSchema] of Object.entries(properties)) {
    const data = (value as Readonly<Record<string, unknown>>)[name];
    if (Array.isArray(data) && data.length > (parentSchema.maxItems ?? Infinity))
      return { keyword: 'maxItems', instancePath: `/${name}`, params: {}, data, parentSchema };
  }
  return null;
}

function invalidField(fault: SchemaFault, part: 'body' | 'query'): InvalidField {
  const path = pathOf(fault.instancePath);
  const schema = fault.parentSchema ?? {};
  if (fault.keyword === 'required') {
    const field = String(fault.params['missingProperty']);
    const wanted = describe(schema.properties?.[field] ?? {});
    const msg = `${field} is missing; it must be ${wanted}.`;
    return { type: 'missing', loc: [part, ...path, field], msg, input: null };
  }
  const field = path.at(-1);
  const named = field === undefined ? `The request's ${part}` : String(field);
  return {
    type: TYPES[fault.keyword] ?? TYPE_NAMES[typesOf(schema)[0] ?? ''] ?? 'value_error',
    loc: [part, ...path],
    msg: `${named} must be ${describe(schema)}${found(fault)}.`,
    input: shorten(fault.data),
  };
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      return /^\d+$/.test(name) ? Number(name) : name;
    });
}

function typesOf(schema: FieldSchema): readonly string[] {
  return typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
}

/** What a field must be, as the rest of a sentence after "must be". */
function describe(schema: FieldSchema): string {
  if (schema.enum) {
    return schema.enum
      .filter((value) => value !== null)
      .map((value) => `“${value}”`)
      .join(' or ');
  }
  const [type, other] = typesOf(schema);
  switch (type) {
    case 'string': {
      if (schema.pattern === RUN_URL)
        return `an address that begins with https:// or http://, of at most ${count(schema.maxLength ?? 0)} letters, digits and . ~ % / ? & = + : ; , # - _`;
      const text = `text of ${count(schema.minLength ?? 0)} to ${count(schema.maxLength ?? 0)} characters`;
      return other === 'number' ? `a number, or ${text}` : `${text}, none of them NUL or half a character`;
    }
    case 'integer':
    case 'number': {
      const number = type === 'integer' ? 'a whole number' : 'a number';
      return `${number} from ${count(schema.minimum ?? 0)} to ${count(schema.maximum ?? 0)}`;
    }
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of ${count(schema.minItems ?? 0)} to ${count(schema.maxItems ?? 0)} items`;
    case 'object':
      return schema.maxItems === undefined
        ? 'a JSON object'
        : `a JSON object, or a list of at most ${count(schema.maxItems)} items`;
    default:
      return 'given';
  }
}

/** Counts code points without making a list of them, which would take many times the memory of the text. */
function codePoints(text: string): number {
  let points = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) points += 1;
  return points;
}

/** For a text or list that is too long: how long it is. */
function found(fault: SchemaFault): string {
  const { data, keyword } = fault;
  if (keyword === 'maxLength' && typeof data === 'string') return `, but it has ${count(codePoints(data))}`;
  if (keyword === 'maxItems' && Array.isArray(data)) return `, but it has ${count(data.length)}`;
  return '';
}
