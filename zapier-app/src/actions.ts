import type { Operation } from '@onceonly/shared';
import type { Create, Search } from 'zapier-platform-core';
import { inputFields } from './fields.ts';
import { outputFields, withId } from './outputs.ts';
import { performer } from './perform.ts';

/** An operation as an action of a Zap. */
export const createOf = (operation: Operation): Create => ({
  ...shownAs(operation),
  operation: { ...shapeOf(operation), perform: performer(operation) },
});

/** A lookup as a search. It always finds one object: a search without one would stop the Zap. */
export function searchOf(operation: Operation): Search {
  const perform = performer(operation);
  return {
    ...shownAs(operation),
    operation: { ...shapeOf(operation), perform: async (z, bundle) => [await perform(z, bundle)] },
  };
}

const shownAs = ({ id, label, description }: Operation) => ({
  key: id,
  noun: 'Key',
  display: { label, description },
});

const shapeOf = (operation: Operation) => ({
  inputFields: inputFields(operation),
  outputFields: outputFields(operation),
  sample: withId(operation, operation.sample),
});
