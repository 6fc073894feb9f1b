import { isOnceOnlyError, type OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import type { OperationId } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import type { Call, RunContext } from './call.ts';
import type { Evaluated } from './translate.ts';

export interface Refused {
  readonly error: OnceOnlyError;
}

/** Returns the result of the work, or the OnceOnlyError that it throws. Any other error is thrown on. */
export async function attempt<T>(work: () => Promise<T> | T): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (isOnceOnlyError(error)) return { error };
    throw error;
  }
}

export const isRefused = (one: unknown): one is Refused =>
  typeof one === 'object' && one !== null && 'error' in one && isOnceOnlyError(one.error);

/** One of the items for which an operation is performed. */
export interface Item {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly context?: RunContext;
}

/** The outcome of one item. */
export type Performed = Evaluated | Refused;

/** The functions of the client that performing many items needs. */
export interface ManyTools {
  readonly startCall: (context: RunContext) => Call;
  readonly perform: (id: OperationId, inputs: Item['inputs'], context?: RunContext) => Promise<Evaluated>;
  /** Reads an item's inputs. Throws a OnceOnlyError, which names the field. */
  readonly read: (operation: Operation, inputs: Item['inputs']) => Inputs;
  /** Derives the key from a delivery, if it was not entered. Throws a OnceOnlyError, which names the field. */
  readonly name: (operation: Operation, inputs: Inputs) => Inputs;
  /** Throws a OnceOnlyError if the service does not support a choice. */
  readonly refuse: (call: Call, operation: Operation, inputs: Inputs) => Promise<void>;
  /** The claim tokens whose completion got no answer. They are never marked as failed. */
  readonly completionsUnknown: Set<string>;
}
