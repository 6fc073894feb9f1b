import type { Tool as ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import { defaultOf, operations, type Field, type Output } from '@onceonly/shared';
import type { Tool } from './tools.ts';
import { argumentsField } from './work.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The description of a tool for clients. Its schemas follow from the operation's fields and outputs. */
export function described({ name, title, description, operation, fields, readOnly }: Tool): ToolSchema {
  const outputs: readonly Output[] = operations[operation].outputs;
  return {
    name,
    title,
    description,
    inputSchema: objectOf(
      Object.fromEntries(fields.map((field) => [field.id, inputSchema(field)])),
      fields.filter(({ required }) => required === true).map(({ id }) => id),
    ),
    outputSchema: objectOf(
      {
        ...Object.fromEntries(outputs.map((output) => [output.id, outputSchema(output)])),
        next: { type: 'string', description: 'What to do now.' },
      },
      [...outputs.map(({ id }) => id), 'next'],
    ),
    annotations: { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false },
  };
}

const objectOf = (properties: Record<string, Schema>, required: string[]) => ({
  type: 'object' as const,
  properties,
  required,
  additionalProperties: false,
});

function inputSchema(field: Field): Schema {
  const about = { title: field.label, description: field.help };
  const given = defaultOf(field, 'node');
  const otherwise = given === null ? {} : { default: given };
  switch (field.type) {
    case 'text':
      return { type: 'string', ...about, ...(field.maxLength && { maxLength: field.maxLength }) };
    case 'number': {
      const type = field.whole === true ? 'integer' : 'number';
      return { type, ...about, minimum: field.min, maximum: field.max, ...otherwise };
    }
    case 'boolean':
      return { type: 'boolean', ...about, ...otherwise };
    case 'choice': {
      const choices = field.choices.map(({ value, label }) => `${value}: ${label}.`).join(' ');
      const description = `${field.help} ${choices}`;
      return {
        type: 'string',
        ...about,
        description,
        enum: field.choices.map(({ value }) => value),
        ...otherwise,
      };
    }
    case 'list':
      return { type: 'array', ...about, items: { type: 'string' }, maxItems: field.maxItems };
    case 'json':
      return field === argumentsField ? { type: 'object', ...about } : about;
  }
}

/** All outputs are always present; null means unknown. */
function outputSchema({ label, type }: Output): Schema {
  switch (type) {
    case 'text':
    case 'date':
      return { type: ['string', 'null'], title: label };
    case 'integer':
    case 'boolean':
      return { type: [type, 'null'], title: label };
    case 'json':
      return { title: label };
  }
}
