import { defaultOf, GUIDES, isAsked, type Field } from '@onceonly/shared';
import type { Bundle, InputFields, PlainInputField, ZObject } from 'zapier-platform-core';

/** Zapier has no hidden fields: this dropdown brings them, and Zapier asks for the fields again when it changes. */
const SHOW_ADVANCED: PlainInputField = {
  key: 'show_advanced',
  label: 'Show Advanced Settings',
  type: 'boolean',
  required: false,
  default: 'false',
  altersDynamicFields: true,
  helpText:
    'Yes shows what else can be chosen. As it is, the rest of this step is set up so that nothing is lost.',
};

/**
 * The fields of an operation or a trigger as Zapier shows them, in their order. Advanced ones come once they are asked for, and stay where
 * one of them is set to something else than its default: a setting that counts is never out of sight. A lone advanced
 * field is simply shown, since the dropdown would take its place. A field that another one asks for comes when it is chosen.
 */
export function inputFields({ fields }: { readonly fields: readonly Field[] }): InputFields {
  const shown = fields.filter((field) => field.notOn?.includes('zapier') !== true);
  const decides = ({ id }: Field): boolean => shown.some(({ onlyIf }) => onlyIf?.field === id);
  const inputField = (field: Field): PlainInputField => ({
    ...plainField(field),
    ...(decides(field) && { altersDynamicFields: true }),
  });
  const asked = (fields: readonly Field[], inputData: Bundle['inputData']): PlainInputField[] => {
    const chosen = shown
      .filter(decides)
      .map((field) => [field.id, asText(inputData[field.id]) || defaultOf(field, 'zapier')] as const);
    const isShown = (field: Field): boolean =>
      isAsked(field, Object.fromEntries(chosen)) ||
      // What refuses the step, although it does not count, must be seen to be changed.
      (field.ifPassedOver !== undefined && isSet(field, inputData[field.id]));
    return fields.filter(isShown).map(inputField);
  };
  const inPlace = (field: Field): InputFields[number] =>
    field.onlyIf === undefined
      ? inputField(field)
      : (_z: ZObject, { inputData }: Bundle) => asked([field], inputData);

  const advanced = shown.filter((field) => field.advanced === true);
  if (advanced.length < 2) return shown.map(inPlace);

  const onDemand = (_z: ZObject, { inputData }: Bundle): PlainInputField[] =>
    isYes(inputData['show_advanced']) || advanced.some((field) => isSet(field, inputData[field.id]))
      ? asked(advanced, inputData)
      : [];
  const prominent = shown.filter((field) => field.advanced !== true);
  return [...prominent.map(inPlace), SHOW_ADVANCED, onDemand];
}

function plainField(field: Field): PlainInputField {
  const value = defaultOf(field, 'zapier');
  return {
    key: field.id,
    label: field.label,
    helpText: field.guide === undefined ? field.help : `${field.help} [More](${GUIDES}${field.guide}).`,
    required: field.required === true,
    ...typed(field),
    ...(value !== null && { default: String(value) }),
  };
}

function typed(field: Field): Partial<PlainInputField> {
  switch (field.type) {
    case 'text':
      return { type: 'string', ...(field.example !== undefined && { placeholder: field.example }) };
    case 'list':
      return {
        type: 'string',
        list: true,
        ...(field.example !== undefined && { placeholder: field.example }),
      };
    case 'json':
      return { type: 'text' };
    case 'choice':
      return {
        type: 'string',
        choices: Object.fromEntries(field.choices.map(({ value, label }) => [value, label])),
      };
    case 'number':
      return { type: field.whole === true ? 'integer' : 'number' };
    case 'boolean':
      return { type: 'boolean' };
  }
}

/** What Zapier hands over is text, or what it reads the field's type as. */
const asText = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';

const isYes = (value: unknown): boolean => ['true', 'yes', '1'].includes(asText(value).toLowerCase());

function isSet(field: Field, value: unknown): boolean {
  const entered = asText(value);
  if (entered === '') return false;
  return field.type === 'boolean'
    ? isYes(entered) !== field.default
    : entered !== asText(defaultOf(field, 'zapier'));
}
