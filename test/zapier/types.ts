import type { PlainOutputField } from 'zapier-platform-core';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The outputs whose value is not of the type that Zapier was told; null fits everywhere. */
export const misfits = (
  values: Readonly<Record<string, unknown>>,
  fields: readonly PlainOutputField[],
): readonly string[] => fields.filter(({ key, type }) => !fits(values[key], type)).map(({ key }) => key);

function fits(value: unknown, type: PlainOutputField['type']): boolean {
  if (value === null) return true;
  switch (type) {
    case undefined:
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'datetime':
      return typeof value === 'string' && INSTANT.test(value);
    default:
      return typeof value === type;
  }
}
