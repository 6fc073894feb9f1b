import { OnceOnlyError, operations, readJson, type Field, type Operation } from '@onceonly/shared';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { runOf } from './holder.ts';
import { checkParts } from './key-parts.ts';
import { isOption, isShown, TO_DUPLICATE_OUTPUT } from './overlay.ts';
import { DEFAULT_OUTPUT_FIELD, OWN } from './properties.ts';

/** What the user entered for one item. */
export interface Entered {
  /** For the client. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
}

/** The node's own settings. */
export interface Settings {
  /** Empty: nothing is added to the item. */
  readonly outputField: string;
  readonly claimsInManualRuns: boolean;
  /** Whether every claim of the execution is finished, in the place of that of the item. */
  readonly finishesExecution: boolean;
  readonly hasDuplicateOutput: boolean;
}

const NONE: IDataObject = {};

/** Whether text is read as the JSON that it is. */
const isRead = (field: Field): boolean => field.type === 'json' && field.asItCame !== true;

/** Reads the parameters of one item. Throws where an expression fails, or a part of a key is missing. */
export function readParameters(node: IExecuteFunctions, operation: Operation, itemIndex: number): Entered {
  const options = node.getNodeParameter('options', itemIndex, NONE);
  const parameter = (name: string): unknown => node.getNodeParameter(name, itemIndex, '');
  const outputField = options[OWN.outputField];
  const has = (name: string): boolean => operation.fields.some(({ id }) => id === name);
  const hasDuplicateOutput = has('on_duplicate') && parameter('on_duplicate') === TO_DUPLICATE_OUTPUT;
  const finishesExecution =
    operation.id === operations.completeKey.id && parameter(OWN.completeWhat) === 'execution';
  const failsExecution = operation.id === operations.failKey.id && parameter(OWN.failWhat) === 'execution';
  const inputs = Object.fromEntries(
    operation.fields.filter(isShown).map((field) => {
      checkParts(node, field, isOption(field) ? `options.${field.id}` : field.id, itemIndex);
      const entered = isOption(field) ? options[field.id] : parameter(field.id);
      return [field.id, isRead(field) ? readJson(entered) : entered];
    }),
  );
  return {
    inputs: {
      ...inputs,
      ...(hasDuplicateOutput && { on_duplicate: 'stop' }),
      ...(failsExecution && ofExecution(parameter)),
    },
    settings: {
      outputField: typeof outputField === 'string' ? outputField.trim() : DEFAULT_OUTPUT_FIELD,
      claimsInManualRuns: options[OWN.claimInManualRuns] === true,
      finishesExecution,
      hasDuplicateOutput,
    },
  };
}

function ofExecution(parameter: (name: string) => unknown): Record<string, unknown> {
  const [workflowId, executionId] = [OWN.workflowId, OWN.executionId].map((name) => {
    const value = parameter(name);
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
    const detail = 'It is empty: the Error Trigger tells it only of executions that n8n saves.';
    throw new OnceOnlyError('invalid_input', { field: name, detail });
  });
  return { claim_token: '', run: runOf(workflowId ?? '', executionId ?? '') };
}
