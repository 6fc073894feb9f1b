import type { Operation } from '@onceonly/shared';
import type { Create, PlainInputField, Search, ZObject } from 'zapier-platform-core';
import { inputFields } from './fields.ts';
import { actionFields, withId } from './outputs.ts';
import { performer } from './perform.ts';

/** An operation as an action of a Zap. */
export const createOf = (operation: Operation): Create => ({
  ...shownAs(operation),
  operation: { ...shapeOf(operation), perform: performer(operation) },
});

/** Zapier's searches find nothing on a miss; a Zap that branches on Exists relies on one object. */
const ON_A_MISS: PlainInputField = {
  key: 'when_missing',
  label: 'When There Is No Record',
  type: 'string',
  required: false,
  default: 'nothing',
  choices: {
    nothing: 'Find nothing, as a search does',
    object: 'Find one object, with Exists set to false',
  },
  helpText:
    'Find nothing stops the Zap, unless the step may go on when nothing is found. One object lets you branch on Exists.',
};

/** A value that is mapped there may be anything; one that is neither choice would stop a Zap that branches on Exists. */
function readOnAMiss(z: ZObject, inputData: Readonly<Record<string, unknown>>): boolean {
  const chosen = inputData[ON_A_MISS.key] ?? '';
  if (chosen === 'object') return true;
  if (chosen === '' || chosen === 'nothing') return false;
  throw new z.errors.Error(`“${ON_A_MISS.label ?? ''}” must be one of: nothing, object.`, 'invalid_input');
}

/** A lookup as a search, under the name that Zapier asks for. */
export function searchOf(operation: Operation): Search {
  const perform = performer(operation);
  const { inputFields, ...shape } = shapeOf(operation);
  return {
    ...shownAs({ ...operation, label: operation.label.replace(/^Get /, 'Find ') }),
    operation: {
      ...shape,
      inputFields: [...inputFields, ON_A_MISS],
      perform: async (z, bundle) => {
        const wantsObject = readOnAMiss(z, bundle.inputData);
        const found = await perform(z, bundle);
        return found['exists'] === false && !wantsObject ? [] : [found];
      },
    },
  };
}

const shownAs = ({ id, label, description }: Operation) => ({
  key: id,
  noun: 'Key',
  display: { label, description },
});

const shapeOf = (operation: Operation) => ({
  inputFields: inputFields(operation),
  outputFields: actionFields(operation),
  sample: withId(operation.sample),
});
