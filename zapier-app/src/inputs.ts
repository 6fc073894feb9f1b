import { readJson, type Operation } from '@onceonly/shared';

type Given = Readonly<Record<string, unknown>>;

/** Zapier hands over text only: what may be any JSON is read from it. */
export function readInputData(operation: Operation, inputData: Given): Given {
  const fields = operation.fields.filter(
    (field) => field.type === 'json' && field.asItCame !== true && field.id in inputData,
  );
  return {
    ...inputData,
    ...Object.fromEntries(fields.map((field) => [field.id, readJson(inputData[field.id])])),
  };
}
