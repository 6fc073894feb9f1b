import type { Operation } from '@onceonly/shared';

type Given = Readonly<Record<string, unknown>>;

/**
 * Zapier hands over text only. Where a field takes any JSON, text that is a JSON object is meant as one; unless a number
 * in it is too long to be read without loss: that text stays text.
 */
export function readInputData(operation: Operation, inputData: Given): Given {
  const fields = operation.fields.filter((field) => field.type === 'json' && field.id in inputData);
  return {
    ...inputData,
    ...Object.fromEntries(fields.map((field) => [field.id, readJson(inputData[field.id])])),
  };
}

function readJson(given: unknown): unknown {
  if (typeof given !== 'string' || !given.trim().startsWith('{')) return given;
  try {
    return JSON.parse(given, (_name, value: unknown) => {
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError('too long');
      return value;
    }) as unknown;
  } catch {
    return given;
  }
}
