import { isOnceOnlyError, type OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import type { OperationId } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import type { Call, RunContext } from './call.ts';
import type { Evaluated } from './translate.ts';

export interface Refused {
  readonly error: OnceOnlyError;
}

/** What the work gives, or the OnceOnlyError that it throws; any other error is thrown on. */
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

/** One of many items that an operation is performed for. */
export interface Item {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly context?: RunContext;
}

/** What one of many items came to. */
export type Performed = Evaluated | Refused;

/** What performing many is made of. */
export interface ManyTools {
  readonly startCall: (context: RunContext) => Call;
  readonly perform: (id: OperationId, inputs: Item['inputs'], context?: RunContext) => Promise<Evaluated>;
  /** Reads an item's inputs. Throws a OnceOnlyError, which names the field. */
  readonly read: (operation: Operation, inputs: Item['inputs']) => Inputs;
  /** Derives the key from a delivery, where it was not entered. Throws a OnceOnlyError, which names the field. */
  readonly name: (operation: Operation, inputs: Inputs) => Inputs;
  /** Throws a OnceOnlyError where the service cannot keep a choice. */
  readonly refuse: (call: Call, operation: Operation, inputs: Inputs) => Promise<void>;
  /** The claim tokens whose completion got no answer: a failure of theirs is never sent. */
  readonly completionsUnknown: Set<string>;
}
