import { defaultOf, type Operation } from '@onceonly/shared';
import type { Rule } from '@onceonly/shared/rules.ts';
import { type Facts, fold } from './fold.ts';
import type { Overlay } from './overlay.ts';

/** Words of our client, which the service never says. */
const CLIENT_ONLY = ['claimed', 'previewed', 'unconfirmed', 'unprotected'];

/** What the client would add is missing here, and a field that Make does not show has its default. */
export function givenFacts({ fields }: Operation, overlay: Overlay): Facts {
  const hidden = fields.filter(({ notOn }) => notOn?.includes('make'));
  const known = hidden.map((field) => [`input.${field.id}`, defaultOf(field, 'make')] as const);
  const choices = fields.flatMap((field) => {
    const added = field.type === 'choice' ? (overlay.fields[field.id]?.choices ?? []) : [];
    const values = field.type === 'choice' ? [...field.choices, ...added].map(({ value }) => value) : [];
    return values.length === 0
      ? []
      : [[`input.${field.id}`, (value: string) => values.includes(value)] as const];
  });
  return {
    known: Object.fromEntries(known),
    missing: ['client'],
    possible: { ...Object.fromEntries(choices), 'answer.status': (value) => !CLIENT_ONLY.includes(value) },
  };
}

/** All that is known before a module runs. */
export const openFacts = (operation: Operation, overlay: Overlay): Facts =>
  withOutputs(operation, overlay, givenFacts(operation, overlay));

/** The same, with what the outputs follow from. */
export function withOutputs(operation: Operation, overlay: Overlay, facts: Facts): Facts {
  const outputs = new Map<string, Rule>();
  for (const { id, from } of operation.outputs) {
    outputs.set(id, fold(id === 'status' ? (overlay.status ?? from) : from, { ...facts, outputs }));
  }
  return { ...facts, outputs };
}
