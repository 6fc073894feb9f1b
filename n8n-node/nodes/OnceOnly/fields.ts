import { defaultOf, GUIDES, type Field } from '@onceonly/shared';
import type { INodeProperties } from 'n8n-workflow';
import { isOption, type FieldOverlay } from './overlay.ts';

/** A field as n8n shows it. */
export function propertyOf(field: Field, overlay: FieldOverlay = {}): INodeProperties {
  const { help = field.help, more } = overlay;
  return {
    displayName: field.label,
    name: field.id,
    description: [help, more, linkTo(field)].filter((each) => each !== undefined).join(' '),
    ...(field.required === true && overlay.optional !== true && { required: true }),
    ...typed(field, overlay),
    ...shownIf(overlay.onlyIf ?? field.onlyIf, isOption(field)),
  };
}

const linkTo = ({ guide }: Field): string | undefined =>
  guide === undefined ? undefined : `<a href="${GUIDES}${guide}" target="_blank">More</a>.`;

/** An option stands a level below the choice that brings it. */
const shownIf = (onlyIf: Field['onlyIf'], asOption: boolean): Pick<INodeProperties, 'displayOptions'> =>
  onlyIf === undefined
    ? {}
    : { displayOptions: { show: { [asOption ? `/${onlyIf.field}` : onlyIf.field]: [...onlyIf.is] } } };

function typed(
  field: Field,
  { initial = '', choices = [], labels = {} }: FieldOverlay,
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
        ...(field.secret === true && { typeOptions: { password: true } }),
      };
    case 'list':
      return {
        type: 'string',
        default: initial,
        ...(field.example !== undefined && { placeholder: `e.g. ${field.example}` }),
        typeOptions: { rows: 3 },
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
        options: [...field.choices, ...choices].map(({ value, label }) => ({
          name: labels[value] ?? label,
          value,
        })),
        // The node's outputs follow from it, before there are items to read an expression with.
        ...(choices.length > 0 && { noDataExpression: true }),
      };
  }
}
