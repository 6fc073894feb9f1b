import { defaultOf, type Field } from '@onceonly/shared';
import type { INodeProperties } from 'n8n-workflow';
import type { FieldOverlay } from './overlay.ts';

/** A field as n8n shows it. */
export function propertyOf(field: Field, overlay: FieldOverlay = {}): INodeProperties {
  const { help = field.help, more } = overlay;
  return {
    displayName: field.label,
    name: field.id,
    description: more === undefined ? help : `${help} ${more}`,
    ...(field.required === true && overlay.optional !== true && { required: true }),
    ...typed(field, overlay),
  };
}

function typed(
  field: Field,
  { initial = '', choices = [] }: FieldOverlay,
): Pick<
  INodeProperties,
  'type' | 'default' | 'placeholder' | 'typeOptions' | 'options' | 'noDataExpression'
> {
  switch (field.type) {
    case 'text':
      return {
        type: 'string',
        default: initial,
        ...(field.example !== undefined && { placeholder: `e.g. ${field.example}` }),
      };
    case 'json':
      return { type: 'string', default: initial, typeOptions: { rows: 2 } };
    case 'number':
      return {
        type: 'number',
        default: defaultOf(field, 'n8n') ?? field.example ?? field.min,
        typeOptions: {
          minValue: field.min,
          maxValue: field.max,
          numberPrecision: field.whole === true ? 0 : 2,
        },
      };
    case 'boolean':
      return { type: 'boolean', default: field.default };
    case 'choice':
      return {
        type: 'options',
        default: defaultOf(field, 'n8n'),
        options: [...field.choices, ...choices].map(({ value, label }) => ({ name: label, value })),
        // The node's outputs follow from it, before there are items to read an expression with.
        ...(choices.length > 0 && { noDataExpression: true }),
      };
  }
}
