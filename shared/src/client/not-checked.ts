import type { Operation } from '../operations/operation.ts';
import { type Evaluated, readOutputs } from './translate.ts';

type Given = Readonly<Record<string, unknown>>;

export const watches = ({ id }: Pick<Operation, 'id'>, { on_duplicate: chosen }: Given = {}): boolean =>
  id === 'claimKey' && typeof chosen === 'string' && chosen.trim() === 'watch';

/** A step that only watches stops nothing, whatever goes wrong: the run goes on, and its message says so. */
export function notChecked(operation: Operation, given: Given, { message }: Error): Evaluated {
  const [job, key] = [given['job'], given['key']].map((value) => (typeof value === 'string' ? value : ''));
  const inputs = { on_duplicate: 'watch', job: job ?? '', key: key ?? '' };
  // Its message says no time.
  return readOutputs(operation, inputs, { status: 'not_checked', problem: message }, 0);
}
