import {
  OnceOnlyError,
  operations,
  readJson,
  SAME_FOR_ALL,
  type Field,
  type Operation,
  type OperationId,
} from '@onceonly/shared';
import { readSwitch } from '@onceonly/shared/inputs.ts';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isTool, runOf } from './holder.ts';
import { checkParts, isSameForAll, keyOfParts, type Parameters } from './key-parts.ts';
import { decides, isOption, isShown, TO_DUPLICATE_OUTPUT } from './overlay.ts';
import { DEFAULT_OUTPUT_FIELD, OWN } from './properties.ts';

/** What the user entered for one item. */
export type Entered = { readonly settings: Settings } & (
  | {
      /** For the client. */
      readonly inputs: Readonly<Record<string, unknown>>;
    }
  /** An expression failed, or a part of a key is missing. */
  | { readonly error: unknown }
);

/** The node's own settings. */
export interface Settings {
  /** Empty: nothing is added to the item. */
  readonly outputField: string;
  readonly claimsInManualRuns: boolean;
  /** Whether every claim of the execution is finished, in the place of that of the item. */
  readonly finishesExecution: boolean;
  readonly hasDuplicateOutput: boolean;
  /** What may be missing in the key, and nobody can tell: sentences for the person. */
  readonly doubts: readonly string[];
}

/** Whether the node stops nothing, whatever comes. n8n takes no expression there: it is the same for all items. */
export const watches = (node: IExecuteFunctions, id: OperationId): boolean =>
  id === operations.claimKey.id && node.getNodeParameter('on_duplicate', 0) === 'watch';

/** A setting that only the n8n node has. An expression may give text. */
const CLAIM_IN_MANUAL_RUNS = { id: OWN.claimInManualRuns, label: 'Claim in Manual Runs' };

/** Whether text is read as the JSON that it is. */
const isRead = (field: Field): boolean => field.type === 'json' && field.asItCame !== true;

/** Reads the parameters of an item. It throws where an expression in the options fails. */
export type ReadParameters = (itemIndex: number) => Entered;

/** Reads what is the same for all items once: n8n takes long to evaluate an expression, and to look a parameter up. */
export function openParameters(node: IExecuteFunctions, operation: Operation): ReadParameters {
  const raws = new Map<string, unknown>();
  const fixed = new Map<string, unknown>();
  const parametersOf = (itemIndex: number): Parameters => {
    const values = new Map(fixed);
    const raw = (name: string): unknown => {
      if (!raws.has(name)) {
        raws.set(name, node.getNodeParameter(name, itemIndex, '', { rawExpressions: true }));
      }
      return raws.get(name);
    };
    const value = (name: string): unknown => {
      if (!values.has(name)) {
        values.set(name, node.getNodeParameter(name, itemIndex, ''));
        if (!varies(raw(name))) fixed.set(name, values.get(name));
      }
      return values.get(name);
    };
    return {
      raw,
      value,
      evaluate: (expression) => node.evaluateExpression(expression, itemIndex),
      item: () => node.getInputData()[itemIndex]?.json,
    };
  };
  return (itemIndex) => read(operation, parametersOf(itemIndex), isTool(node));
}

/** An expression that reads nothing of the item. */
const OF_ALL = /^=\{\{\s*\$(?:workflow|execution)\.\w+\s*\}\}$/;

const varies = (raw: unknown): boolean =>
  typeof raw === 'string'
    ? raw.startsWith('=') && !OF_ALL.test(raw)
    : typeof raw === 'object' && raw !== null && Object.values(raw).some(varies);

function read(operation: Operation, parameters: Parameters, byModel: boolean): Entered {
  const parameter = (name: string): unknown => parameters.value(name);
  const entered = parameter('options');
  const options: IDataObject = typeof entered === 'object' && entered !== null ? { ...entered } : {};
  const outputField = options[OWN.outputField];
  const has = (name: string): boolean => operation.fields.some(({ id }) => id === name);
  const hasDuplicateOutput = has('on_duplicate') && parameter('on_duplicate') === TO_DUPLICATE_OUTPUT;
  const finishesExecution =
    operation.id === operations.completeKey.id && parameter(OWN.completeWhat) === 'execution';
  const failsExecution = operation.id === operations.failKey.id && parameter(OWN.failWhat) === 'execution';
  const doubts: string[] = [];
  const settings: Settings = {
    outputField: typeof outputField === 'string' ? outputField.trim() : DEFAULT_OUTPUT_FIELD,
    claimsInManualRuns: readSwitch(CLAIM_IN_MANUAL_RUNS, options[OWN.claimInManualRuns]),
    finishesExecution,
    hasDuplicateOutput,
    doubts,
  };
  const inputsOf = () =>
    Object.fromEntries(
      operation.fields.filter(isShown).map((field) => {
        const path = isOption(field) ? `options.${field.id}` : field.id;
        const { doubts: ofField, text } = checkParts(parameters, field, path);
        doubts.push(...ofField);
        const ofParts = byModel && field.id === 'key' ? keyOfParts(parameters, path) : undefined;
        const given = ofParts ?? text ?? (isOption(field) ? options[field.id] : parameter(field.id));
        return [field.id, isRead(field) ? readJson(given) : given];
      }),
    );
  try {
    if (
      decides(operation.id) &&
      !byModel &&
      parameter('key_from') === 'value' &&
      isSameForAll(parameters.raw('key'))
    )
      doubts.push(SAME_FOR_ALL);
    const inputs = {
      ...inputsOf(),
      ...(hasDuplicateOutput && { on_duplicate: 'stop' }),
      ...(failsExecution && ofExecution(parameter)),
    };
    return { inputs, settings };
  } catch (error) {
    return { error, settings };
  }
}

function ofExecution(parameter: (name: string) => unknown): Record<string, unknown> {
  const [workflowId, executionId] = [OWN.workflowId, OWN.executionId].map((name) => {
    const value = parameter(name);
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
    const detail = 'It is empty: the Error Trigger knows it only for executions that n8n saves.';
    throw new OnceOnlyError('invalid_input', { field: name, detail });
  });
  return { claim_token: '', run: runOf(workflowId ?? '', executionId ?? '') };
}
