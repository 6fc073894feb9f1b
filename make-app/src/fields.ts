import { defaultOf, GUIDES, type Field, type Operation } from '@onceonly/shared';
import { namesAsShown, sentenceCase } from '@onceonly/shared/sentence-case.ts';
import { NAMES_SOMETHING } from '@onceonly/shared/names-nothing.ts';
import type { Members, Value } from './json.ts';

import type { Overlay } from './overlay.ts';

/** The fields of an operation as Make shows them, in order. */
export function fieldsOf(operation: Operation, overlay: Overlay): readonly Field[] {
  const shown = operation.fields.filter((field) => field.notOn?.includes('make') !== true);
  return [...shown.map((field) => overlaid(field, overlay)), ...(overlay.added ?? [])];
}

function overlaid(field: Field, overlay: Overlay): Field {
  const { shown, help, more, choices } = overlay.fields[field.id] ?? {};
  const { advanced, ...rest } = field;
  return {
    ...rest,
    ...(advanced && !shown && { advanced }),
    ...(field.type === 'choice' && choices && { choices: [...field.choices, ...choices] }),
    help: [help ?? field.help, more].filter((each) => each !== undefined).join(' '),
  };
}

const NEVER = { field: '', is: [] };

/** Fields as mappable parameters; one that another asks for is nested in the choices that bring it. */
export const formOf = (fields: readonly Field[]): readonly Members[] =>
  fields.filter(({ onlyIf }) => onlyIf === undefined).map((field) => withNested(parameterOf(field), fields));

function withNested(parameter: Members, fields: readonly Field[]): Members {
  const { name, options } = parameter;
  if (!Array.isArray(options)) return parameter;
  const nestedIn = ({ value }: Members): readonly Members[] =>
    fields
      .filter(({ onlyIf: { field, is } = NEVER }) => field === name && is.some((each) => each === value))
      .map(parameterOf);
  return {
    ...parameter,
    options: (options as readonly Members[]).map((option) => {
      const nested = nestedIn(option);
      return nested.length === 0 ? option : { ...option, nested };
    }),
  };
}

/** A field as a mappable parameter. */
export function parameterOf(field: Field): Members {
  const standard = defaultOf(field, 'make');
  const help = namesAsShown(field.help);
  return {
    name: field.id,
    label: sentenceCase(field.label),
    ...typeOf(field),
    required: field.required ?? false,
    ...(field.advanced && { advanced: true }),
    ...(standard !== null && { default: standard }),
    help: field.guide === undefined ? help : `${help} [More](${GUIDES}${field.guide}).`,
  };
}

function typeOf(field: Field): Members {
  switch (field.type) {
    case 'text':
      return { type: field.secret ? 'password' : 'text', ...textLimits(field) };
    case 'number':
      return { type: field.whole ? 'uinteger' : 'number', validate: { min: field.min, max: field.max } };
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'select', options: field.choices.map(({ value, label }): Value => ({ label, value })) };
    case 'list':
      return { type: 'array', spec: { type: 'text' }, validate: { maxItems: field.maxItems } };
    case 'json':
      return { type: 'any' };
  }
}

/** As a claim gives it out: anything else is refused before it is sent, and the field is named. */
const CLAIM_TOKEN = '^\\s*(claim|test|unprotected|watched)_[^|\\s,{}]+[|][^\\s][^]*$';

/** A job's name holds no colon: job "a" with key "b:c" and job "a:b" with key "c" would be one key. */
const IF_ENTERED: Readonly<Record<string, string>> = { job: '^[^:]*$', claim_token: CLAIM_TOKEN };
const PATTERNS: Readonly<Record<string, string>> = {
  job: `${NAMES_SOMETHING}[^:]*$`,
  key: NAMES_SOMETHING,
  claim_token: CLAIM_TOKEN,
};

function textLimits(field: Field & { type: 'text' }): Members {
  const max = field.maxLength === undefined ? {} : { max: field.maxLength };
  // What may be left empty is not asked to name anything.
  const pattern = field.required ? PATTERNS[field.id] : IF_ENTERED[field.id];
  const limits = pattern === undefined ? max : { ...max, pattern };
  return Object.keys(limits).length === 0 ? {} : { validate: limits };
}
