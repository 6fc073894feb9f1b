import {
  isOnceOnlyError,
  notChecked,
  readJson,
  SAME_FOR_ALL,
  watches,
  type Client,
  type JsonObject,
  type Operation,
  type OperationId,
} from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { openClient } from './open-client.ts';
import { endOfRun, faultOfRun, faultOfTest } from './end-of-run.ts';
import { checkParts, isSameForAll } from './key-parts.ts';
import { withId } from './outputs.ts';

type Ran = Awaited<ReturnType<Client['perform']>>;

export type Perform = (z: ZObject, bundle: Bundle) => Promise<JsonObject>;

/**
 * Runs an operation as a step of a Zap. Gives every output, or throws the error that does to the run what the operation
 * says. In the editor's test nothing is claimed or changed.
 */
export function performer(operation: Operation): Perform {
  const id = operation.id as OperationId;
  return async (z, bundle) => {
    const inEditor = bundle.meta.isLoadingSample;
    const client = openClient(z, bundle);
    const run = async (): Promise<Ran> => {
      checkParts(operation, bundle);
      const inputs = readInputData(operation, bundle.inputData);
      return inEditor ? client.preview(id, inputs) : client.perform(id, inputs);
    };
    const ran = await run().catch((error: unknown) => {
      if (!inEditor && watches(operation, bundle.inputData) && isOnceOnlyError(error))
        return notChecked(operation, bundle.inputData, error);
      throw inEditor ? faultOfTest(z.errors, error) : faultOfRun(z.errors, error, Math.random);
    });
    const outputs = isSameForAll(operation, bundle) ? withWarning(ran.outputs) : ran.outputs;
    const end = endOfRun(z.errors, { ...ran, outputs }, Math.random);
    if (end !== undefined) throw end;
    return withId(outputs);
  };
}

const withWarning = ({ message, ...outputs }: Ran['outputs']): Ran['outputs'] => ({
  ...outputs,
  message: typeof message === 'string' ? `${message} ${SAME_FOR_ALL}` : SAME_FOR_ALL,
});

type Given = Readonly<Record<string, unknown>>;

/** What names a run. On Zapier nothing does: what an older Zap still has there comes from the event, and every copy of it would pass as the first. */
const NAMES_RUN: readonly string[] = ['run_reference', 'run'];

/** Zapier hands over text only: what may be any JSON is read from it. */
function readInputData(operation: Operation, given: Given): Given {
  const inputData = Object.fromEntries(Object.entries(given).filter(([id]) => !NAMES_RUN.includes(id)));
  const fields = operation.fields.filter(
    (field) => field.type === 'json' && field.asItCame !== true && field.id in inputData,
  );
  return {
    ...inputData,
    ...Object.fromEntries(fields.map((field) => [field.id, readJson(inputData[field.id])])),
  };
}
