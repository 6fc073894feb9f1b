import type { JsonObject, Operation, Output } from '@onceonly/shared';
import type { PlainOutputField } from 'zapier-platform-core';

const TYPES: Readonly<Record<Output['type'], PlainOutputField['type']>> = {
  text: 'string',
  integer: 'integer',
  boolean: 'boolean',
  date: 'datetime',
  json: undefined,
};

/** Zapier tells the objects of a search apart by their `id`. */
const ID: PlainOutputField = { key: 'id', label: 'ID', type: 'string' };

/** What Zapier is told about the outputs of an operation or a trigger: every one always comes, null where unknown. */
export function outputFields({
  outputs,
  kind,
}: Pick<Operation, 'outputs'> & Partial<Operation>): PlainOutputField[] {
  const fields = outputs.map(({ id, label, type }): PlainOutputField => {
    const known = TYPES[type];
    return { key: id, label, ...(known !== undefined && { type: known }) };
  });
  return kind === 'lookup' ? [ID, ...fields] : fields;
}

/** Outputs as Zapier takes them; a lookup's key is its `id`. */
export function withId(operation: Operation, outputs: JsonObject): JsonObject {
  return operation.kind === 'lookup' ? { id: outputs['key'] ?? null, ...outputs } : outputs;
}
