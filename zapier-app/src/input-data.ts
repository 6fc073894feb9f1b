import { readJson, type Operation } from '@onceonly/shared';

type Given = Readonly<Record<string, unknown>>;

/** What names a run. On Zapier nothing does: what an older Zap still has there comes from the event, and every copy of it would pass as the first. */
const NAMES_RUN: readonly string[] = ['run_reference', 'run'];

/** Zapier hands over text only: what may be any JSON is read from it. */
export function readInputData(operation: Operation, given: Given): Given {
  const inputData = Object.fromEntries(Object.entries(given).filter(([id]) => !NAMES_RUN.includes(id)));
  const fields = operation.fields.filter(
    (field) => field.type === 'json' && field.asItCame !== true && field.id in inputData,
  );
  return {
    ...inputData,
    ...Object.fromEntries(fields.map((field) => [field.id, readJson(inputData[field.id])])),
  };
}
