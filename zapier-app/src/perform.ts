import {
  isOnceOnlyError,
  notChecked,
  watches,
  type Client,
  type JsonObject,
  type Operation,
  type OperationId,
} from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { openClient } from './open-client.ts';
import { endOfRun, faultOfRun, faultOfTest } from './end-of-run.ts';
import { readInputData } from './input-data.ts';
import { checkParts } from './key-parts.ts';
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
    const end = endOfRun(z.errors, ran, Math.random);
    if (end !== undefined) throw end;
    return withId(ran.outputs);
  };
}
