import { bad, type Inputs } from '../inputs.ts';
import { asText } from '../json.ts';
import type { Operation } from '../operations/operation.ts';
import { fractionOf, readSequence, SEQUENCE_FORMS, shownSequence } from '../sequence.ts';

/**
 * Inputs of a claim whose key holds its version, so that each change of a record is done once. Where no group is named, the
 * record is the group, and its versions follow each other in it. `content` is a short hash of what was delivered, where it
 * is there: two changes within one second are then two events. Without it, the fraction of the second tells them apart.
 * Throws `invalid_input`, which names the field.
 */
export function placeInGroup(operation: Operation, inputs: Inputs, content: string | null): Inputs {
  const { job, key, key_from: from, group, sequence: entered } = inputs;
  const field = operation.fields.find(({ id }) => id === 'sequence');
  if (field === undefined || (entered ?? null) === null || typeof key !== 'string') return inputs;
  const sequence = readSequence(entered);
  if (sequence === null) throw bad(field, `is “${asText(entered ?? null)}”: it must be ${SEQUENCE_FORMS}.`);
  if ((group ?? null) === null && (from === 'detect' || from === 'whole')) {
    throw bad(
      field,
      'needs to know which record it is of: let Key From be A value I enter or Chosen fields, with the ID of the record; or say in One at a Time For of what it is the version.',
    );
  }
  const version = shownSequence(sequence) + (content === null ? fractionOf(entered) : `:${content}`);
  return {
    ...inputs,
    key: `${key}:${version}`,
    group: group ?? `${asText(job ?? null)}:${key}`,
    sequence: shownSequence(sequence),
  };
}
