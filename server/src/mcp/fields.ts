import { operations, type Field, type OperationId } from '@onceonly/shared';

/** A field of an operation, its help in words for a model. */
export function fieldOf(operation: OperationId, id: string, help?: string): Field {
  const fields: readonly Field[] = operations[operation].fields;
  const field = fields.find((each) => each.id === id);
  if (field === undefined) throw new Error(`${operation} has no field ${id}.`);
  return help === undefined ? field : { ...field, help };
}

/** The same where it may be left out. */
export const optional = (field: Field): Field =>
  Object.fromEntries(Object.entries(field).filter(([member]) => member !== 'required')) as unknown as Field;
