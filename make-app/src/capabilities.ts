import { ERRORS, type Field } from '@onceonly/shared';
import type { Capability } from '@onceonly/shared/operations/operation.ts';
import { quoted } from './iml.ts';
import { sentenceCase } from './labels.ts';
import { isChosen } from './reading.ts';

/** Whether the service has an addition: kept with the connection when it was made, so that no request is spent on it. */
export const has = (capability: Capability): string =>
  `contains(ifempty(connection.capabilities, ''), ${quoted(capability)})`;

/** A choice that the service cannot keep: nothing is sent then, and the user is told which one. */
export interface Refusal {
  readonly unkept: string;
  readonly message: string;
}

export function refusalOf(fields: readonly Field[]): Refusal | undefined {
  const choices = fields.flatMap(({ needs, ...field }) =>
    needs === undefined
      ? []
      : [{ unkept: `(${isChosen(field as Field)} && !${has(needs)})`, label: sentenceCase(field.label) }],
  );
  if (choices.length === 0) return undefined;
  const { happened, todo } = ERRORS.needs_own_server;
  const label = choices.reduceRight(
    (rest, each) => `if(${each.unkept}, ${quoted(each.label)}, ${rest})`,
    "''",
  );
  return {
    unkept:
      choices.length === 1
        ? (choices[0]?.unkept ?? '')
        : `(${choices.map((each) => each.unkept).join(' || ')})`,
    message: `(${quoted(`${happened} The choice is “`)} + ${label} + ${quoted(`”. ${todo}`)})`,
  };
}
