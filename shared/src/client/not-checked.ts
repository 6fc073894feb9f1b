import type { Operation } from '../operations/operation.ts';
import { type Evaluated, readOutputs } from './translate.ts';

type Given = Readonly<Record<string, unknown>>;

export const watches = ({ id }: Pick<Operation, 'id'>, { on_duplicate: chosen }: Given = {}): boolean =>
  id === 'claimKey' && typeof chosen === 'string' && chosen.trim() === 'watch';

/** The outcome of a step that only watches and could not check: the run goes on, and the message says why. */
export function notChecked(operation: Operation, given: Given, { message }: Error): Evaluated {
  const [job, key] = [given['job'], given['key']].map((value) => (typeof value === 'string' ? value : ''));
  const inputs = { on_duplicate: 'watch', job: job ?? '', key: key ?? '' };
  // The time is not used, since the message shows none.
  return readOutputs(operation, inputs, { status: 'not_checked', problem: message }, 0);
}
