import type { JsonObject, Operation, Output } from '@onceonly/shared';
import type { PlainOutputField } from 'zapier-platform-core';

const TYPES: Readonly<Record<Output['type'], PlainOutputField['type']>> = {
  text: 'string',
  integer: 'integer',
  boolean: 'boolean',
  date: 'datetime',
  json: undefined,
};

/** Zapier tells the objects that an action gives apart by their `id`. */
const ID: PlainOutputField = { key: 'id', label: 'ID', type: 'string' };

/** What Zapier is told about the outputs of an operation or a trigger: every one always comes, null where unknown. */
export function outputFields({ outputs }: Pick<Operation, 'outputs'>): PlainOutputField[] {
  return outputs.map(({ id, label, type }): PlainOutputField => {
    const known = TYPES[type];
    return { key: id, label, ...(known !== undefined && { type: known }) };
  });
}

/** The outputs of an action, with its `id`. */
export const actionFields = (operation: Operation): PlainOutputField[] => [ID, ...outputFields(operation)];

/** The same of what it gives: its `id` is the key. */
export const withId = (outputs: JsonObject): JsonObject => ({ id: outputs['key'] ?? null, ...outputs });
