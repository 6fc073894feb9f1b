import { bad, type Inputs } from '../inputs.ts';
import { asText } from '../json.ts';
import type { Operation } from '../operations/operation.ts';
import { fractionOf, readSequence, SEQUENCE_FORMS, shownSequence } from '../sequence.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Adds the version to the key of a claim, so that each change of a record is done once. The group is the record: the value of One
 * at a Time For, or else the key, with the job in front, since jobs are independent of each other. `content` is a short hash of
 * the delivery, given if only parts of it make the key. It tells two changes within the same second apart; without it, the
 * fraction of the second does. Throws `invalid_input`, which names the field.
 */
export function placeInGroup(operation: Operation, inputs: Inputs, content: string | null): Inputs {
  const { job, key, key_from: from, group, sequence: entered } = inputs;
  const field = operation.fields.find(({ id }) => id === 'sequence');
  if (field === undefined || (entered ?? null) === null || typeof key !== 'string') return inputs;
  const sequence = readSequence(entered);
  if (sequence === null) throw bad(field, `is “${asText(entered ?? null)}”. It must be ${SEQUENCE_FORMS}.`);
  if (typeof group !== 'string' && (from === 'detect' || from === 'whole')) {
    throw bad(
      field,
      'must know its record. Set Key From to A value I enter or to Chosen fields, with the ID of the record. Or enter that ID in One at a Time For.',
    );
  }
  if (typeof group !== 'string' && content === null && DAY.test(asText(entered ?? null).trim())) {
    throw bad(
      field,
      'is a day without a time, so all changes of one day would count as one. Map the time of the change.',
    );
  }
  const version = shownSequence(sequence) + (content === null ? fractionOf(entered) : `:${content}`);
  return {
    ...inputs,
    key: `${key}:${version}`,
    group: `${asText(job ?? null)}:${typeof group === 'string' ? group : key}`,
    sequence: shownSequence(sequence),
  };
}
