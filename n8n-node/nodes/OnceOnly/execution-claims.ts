import { readToken } from '@onceonly/shared';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { linksOf } from './links.ts';
import { isFinishing } from './overlay.ts';
import { DEFAULT_OUTPUT_FIELD, OWN } from './properties.ts';

/** What a step did for an item: claimed its key (null where this run does not hold it), or finished claims. */
export type Mark =
  | { readonly claim_token: string | null }
  /** By their tokens or keys. `whole`: with all that the execution had claimed; the first item of that run names them, for all of its items. */
  | { readonly finished: readonly string[]; readonly whole?: true }
  /** It came with several, and nothing tells which of them is meant. */
  | { readonly one_of: readonly string[] };

/** By the step's name, the number of its run, and the number of the item that it was given. */
type Marks = Record<string, Mark>;
const placeOf = (name: string, run: number, item: number): string => `${name}:${String(run)}:${String(item)}`;

/** What n8n tells of a step that ran before. */
export interface Step {
  readonly type: string;
  readonly parameters?: INodeParameters;
}

/** The claims of this execution, which n8n keeps with it: across waits, its workers, and when it is retried. */
export interface Claims {
  /** Notes what this run of the node did for the item of that number. */
  note(item: number, mark: Mark): void;
  /** What was done for an item that left a step in that run of it. */
  markOf(name: string, step: Step, run: number, item: INodeExecutionData): Mark | undefined;
  /** Every token that was claimed, in turn. */
  readonly made: readonly string[];
  /** The keys of those, jobs and all, that this execution holds or held. */
  readonly keys: Set<string>;
  /** Those that no step has finished. */
  readonly open: readonly string[];
  /** Whether a duplicate was let through: its run holds no claim. */
  readonly letThrough: boolean;
}

/** Older versions left the mark on the item itself, where n8n's Code node does not allow it. */
const MEMBER = 'onceonly';

export function claimsOf(node: IExecuteFunctions): Claims {
  const kept = node.getContext('flow') as { [MEMBER]?: Marks };
  let place: { readonly name: string; readonly run: number } | undefined;
  const all = (): readonly Mark[] => Object.values(kept[MEMBER] ?? {});
  const made = (): string[] => [
    ...new Set(all().flatMap((mark) => ('claim_token' in mark ? (mark.claim_token ?? []) : []))),
  ];
  return {
    note: (item, mark) => {
      // Neither is free to ask for.
      place ??= { name: node.getNode().name, run: runIndexOf(node) };
      (kept[MEMBER] ??= {})[placeOf(place.name, place.run, item)] = mark;
    },
    markOf: (name, step, run, item) => {
      const from = linksOf(item)[0]?.item ?? 0;
      return kept[MEMBER]?.[placeOf(name, run, from)] ?? onItem(item) ?? inJson(step, item);
    },
    get made() {
      return made();
    },
    get keys() {
      return new Set(made().flatMap(heldIn));
    },
    get open() {
      const finished = new Set(all().flatMap((mark) => ('finished' in mark ? mark.finished : [])));
      return made().filter((token) => !finished.has(token));
    },
    get letThrough() {
      return all().some((mark) => 'claim_token' in mark && mark.claim_token === null);
    },
  };
}

/** The key of a token, unless a test made it. */
export function keyIn(token: string): readonly string[] {
  const read = readToken(token);
  return read.kind === 'malformed' || read.kind === 'test' ? [] : [read.key];
}

/** The key of a token with which it is held: by its claim, or by nobody else that is known of. */
export const heldIn = (token: string): readonly string[] =>
  readToken(token).kind === 'watched' ? [] : keyIn(token);

export const runIndexOf = (node: IExecuteFunctions): number =>
  Number(node.getWorkflowDataProxy(0)['$runIndex']);

function onItem(item: INodeExecutionData): Mark | undefined {
  const mark = item[MEMBER];
  return typeof mark === 'object' ? (mark as unknown as Mark) : undefined;
}

/**
 * Where n8n has not kept the claims: when only a part of a workflow is run in the editor; and of a workflow that was
 * started by another one, whose claims came with the items.
 */
function inJson({ type, parameters }: Step, { json }: INodeExecutionData): Mark | undefined {
  const operation = type.endsWith('.onceOnly') ? (parameters?.['operation'] ?? 'claimKey') : undefined;
  const output = operation === undefined ? undefined : json[outputFieldOf(parameters)];
  if (isFinishing(operation)) {
    const finished = isObject(output) ? keysIn(output) : [];
    return finished.length === 0 ? undefined : { finished };
  }
  if (operation !== 'claimKey' && type !== EXECUTE_WORKFLOW_TRIGGER) return undefined;
  if (isObject(output)) {
    const [own] = tokensIn(output);
    if (own !== undefined) return { claim_token: own };
    if (isNotHeld(output)) return { claim_token: null };
  }
  const tokens = [...new Set(tokensIn(json))];
  const [token] = tokens;
  if (token === undefined) return undefined;
  return tokens.length === 1 ? { claim_token: token } : { one_of: tokens };
}

/** The keys that a step says it has finished. One that failed leaves what an earlier step put there, such as a claim. */
function keysIn(output: IDataObject): readonly string[] {
  const { claims } = output;
  return (Array.isArray(claims) ? claims : [output]).flatMap((each) => {
    if (!isObject(each)) return [];
    const { key, completed, failed, released, status } = each;
    const hasEnded = [completed, failed, released].includes(true) || status === 'watched';
    return typeof key === 'string' && hasEnded ? [key] : [];
  });
}

/** Where a claim puts what it was answered; n8n does not keep what is as it was when the node was added. */
function outputFieldOf({ options }: INodeParameters = {}): string {
  const field = isObject(options) ? (options as IDataObject)[OWN.outputField] : undefined;
  return typeof field === 'string' ? field : DEFAULT_OUTPUT_FIELD;
}

export const EXECUTE_WORKFLOW_TRIGGER = 'n8n-nodes-base.executeWorkflowTrigger';

/** The claim tokens that an item carries: in the output of a claim, whatever its field is called, or by themselves. */
export function tokensIn(json: IDataObject): readonly string[] {
  const values = Object.values(json).flatMap((value) => (isObject(value) ? [value['claim_token']] : []));
  return [json['claim_token'], ...values].filter(
    (value): value is string => typeof value === 'string' && readToken(value).kind !== 'malformed',
  );
}

/** Whether an item says that it is a duplicate which was let through. */
export const saysNotHeld = (json: IDataObject): boolean =>
  Object.values(json).some((value) => isObject(value) && isNotHeld(value));

const isNotHeld = (output: IDataObject): boolean =>
  output['proceed'] === false && output['claim_token'] === null;

const isObject = (value: unknown): value is IDataObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
