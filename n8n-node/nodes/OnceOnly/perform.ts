import {
  namedKey,
  notChecked,
  operations,
  readToken,
  WENT_ON,
  type Client,
  type OperationId,
  type Performed,
} from '@onceonly/shared';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { claimsOf } from './execution-claims.ts';
import { isTrial } from './execution.ts';
import { openClient, openOffline } from './open-client.ts';
import { contextsOf, isTool } from './holder.ts';
import { openParameters, watches, type ReadParameters, type Settings } from './node-parameters.ts';
import { decides, finishes } from './overlay.ts';
import { DEFAULT_OUTPUT_FIELD } from './properties.ts';
import { keyOf, openTokens, type Nothing, type Tokens } from './tokens.ts';
import { exactContentOf, reading, withDelivery } from './webhook-item.ts';

/** What became of one item. */
export type ItemOutcome = { readonly settings: Settings } & (
  | ({
      readonly performed: readonly Done[];
      readonly tokens: readonly string[];
      readonly failedSteps: readonly string[];
      readonly onlyOpenBehind?: string;
    } & How)
  /** All claims of the execution were finished with the item of that number. */
  | ({ readonly with: number; readonly failedSteps: readonly string[] } & How)
  /** There is nothing to finish. */
  | { readonly nothing: Nothing }
  /** Nothing was sent for it, or the credential cannot be used. */
  | { readonly error: unknown }
);

interface How {
  /** Whether it was a test, which changed nothing. */
  readonly preview: boolean;
}

export type Done = Exclude<Performed, { readonly error: unknown }> | { readonly error: unknown };

interface Task {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly itemIndex: number;
  /** As an editor's test does: nothing is claimed or changed. */
  readonly preview: boolean;
}

type Prepared = { readonly settings: Settings } & (
  | { readonly nothing: Nothing }
  | {
      readonly names: readonly string[];
      readonly tokens: readonly string[];
      readonly failedSteps: readonly string[];
      readonly onlyOpenBehind?: string;
    }
  | { readonly error: unknown }
);

/** What the items of one run share. */
interface Tools {
  readonly read: ReadParameters;
  readonly tokens: Tokens;
  readonly tasks: Map<string, Task>;
  /** The tasks of claims that several items finish together, which would take as long for each of them again. */
  readonly named: Map<readonly string[], readonly string[]>;
}

const NO_SETTINGS: Settings = {
  outputField: DEFAULT_OUTPUT_FIELD,
  claimsInManualRuns: false,
  finishesExecution: false,
  hasDuplicateOutput: false,
  doubts: [],
};

/** Performs the operation for every item, each with its own outcome. Throws nothing: what fails is an item's outcome. */
export async function performAll(
  node: IExecuteFunctions,
  id: OperationId,
  items: readonly INodeExecutionData[],
): Promise<readonly ItemOutcome[]> {
  const tasks = new Map<string, Task>();
  const prepared: Prepared[] = [];
  const tools: Tools = {
    read: openParameters(node, operations[id]),
    tokens: openTokens(node),
    tasks,
    named: new Map(),
  };
  for (const [itemIndex, item] of items.entries()) {
    prepared.push(await prepare(node, id, item, itemIndex, tools));
  }
  // What would have been stopped needs no service, nor a credential that can be used.
  const isWatched = [...tasks.keys()].every((name) => readToken(name).kind === 'watched');
  const open = isWatched ? openOffline : () => openClient(node);
  const done = await attempt(async () => performTasks(node, await open(), id, tasks));
  let first: { readonly with: number; readonly preview: boolean } | undefined;
  const outcomes = prepared.map((one, index): ItemOutcome => {
    if ('error' in one || 'nothing' in one) return one;
    if ('error' in done) return { settings: one.settings, error: done.error };
    const { settings, names, ...found } = one;
    // Each item would otherwise hold all that all of them hold.
    if (settings.finishesExecution && first !== undefined)
      return { settings, failedSteps: found.failedSteps, ...first };
    const preview = names.some((name) => tasks.get(name)?.preview);
    if (settings.finishesExecution) first = { with: index, preview };
    const performed = names.flatMap((name) => {
      const each = done.get(name);
      return each === undefined ? [] : [tools.tokens.finished.has(name) ? finishedBefore(name, each) : each];
    });
    return { settings, performed, preview, ...found };
  });
  return watches(node, id) ? outcomes.map(goingOn) : outcomes;
}

/** What this node itself refuses stops nothing either, where it only watches; nor does what a run by hand meets. */
function goingOn(outcome: ItemOutcome): ItemOutcome {
  const ofError = (error: unknown): Done =>
    notChecked(operations.claimKey, {}, error instanceof Error ? error : new Error(String(error)));
  if ('error' in outcome) {
    const performed = [ofError(outcome.error)];
    return { settings: outcome.settings, performed, tokens: [], failedSteps: [], preview: false };
  }
  if (!('performed' in outcome) || !outcome.performed.some((done) => 'error' in done)) return outcome;
  const performed = outcome.performed.map((done) => ('error' in done ? ofError(done.error) : done));
  return { ...outcome, performed, preview: false };
}

/** A claim that is gone, and that another step of this very run, or another item of it, has finished. */
function finishedBefore(token: string, done: Done): Done {
  if ('error' in done || !['late', 'lost', 'stop'].includes(done.then)) return done;
  const message = `This run finished ${keyOf(token)} before, for another item or in another branch, and that counts.`;
  return { ...done, outputs: { ...done.outputs, message } };
}

/** One task an item; where items share a claim that is to be finished, one a claim. */
async function prepare(
  node: IExecuteFunctions,
  id: OperationId,
  item: INodeExecutionData,
  itemIndex: number,
  { read, tokens: claims, tasks, named }: Tools,
): Promise<Prepared> {
  let settings = NO_SETTINGS;
  try {
    const content = await exactContentOf(node, item, itemIndex);
    const entered = reading(item, content, () => read(itemIndex));
    ({ settings } = entered);
    if ('error' in entered) throw entered.error;
    const inputs = await withDelivery(node, item, itemIndex, content, entered.inputs);
    const manual = isTrial(node);
    const add = (name: string, task: Omit<Task, 'itemIndex'>): string => {
      if (!tasks.has(name)) tasks.set(name, { ...task, itemIndex });
      return name;
    };
    if (finishes(id) && !inputs['run']) {
      const { finishesExecution: whole } = settings;
      const found = claims.of(item, itemIndex, { entered: inputs['claim_token'], whole });
      if ('nothing' in found) return { settings, nothing: found.nothing };
      const { tokens } = found;
      const name = (token: string): string => {
        const preview = manual && readToken(token).kind === 'test';
        return add(token, { inputs: { ...inputs, claim_token: token }, preview });
      };
      const names = named.get(tokens) ?? tokens.map(name);
      named.set(tokens, names);
      return { settings, names, ...found };
    }
    const preview = manual && (decides(id) ? !settings.claimsInManualRuns : finishes(id));
    return { settings, names: [add(String(itemIndex), { inputs, preview })], tokens: [], failedSteps: [] };
  } catch (error) {
    return { settings, error };
  }
}

async function performTasks(
  node: IExecuteFunctions,
  client: Client,
  id: OperationId,
  tasks: ReadonlyMap<string, Task>,
): Promise<ReadonlyMap<string, Done>> {
  const contextOf = contextsOf(node);
  const own = claimsOf(node).keys;
  // Who waits for itself waits in vain: a model, a later round of the loop, a step of the same run.
  const waits = (key: string): boolean => !isTool(node) && !own.has(key);
  const done = new Map<string, Done>();
  for (const preview of [true, false]) {
    const chosen = [...tasks].filter(([, task]) => task.preview === preview);
    const sent = chosen.map(([, { inputs, itemIndex }]) => ({
      inputs,
      context: { ...contextOf(itemIndex), waits },
    }));
    const performed = await (preview ? client.previewMany(id, sent) : client.performMany(id, sent));
    chosen.forEach(([name], nth) => {
      const one = performed[nth];
      if (one !== undefined) done.set(name, one);
    });
  }
  for (const one of done.values()) {
    if (!('outputs' in one)) continue;
    const { status, key } = one.outputs;
    if ((status === 'claimed' || status === 'unprotected') && typeof key === 'string') own.add(key);
  }
  return new Map([...done].map(([name, one]) => [name, ofOwnRun(one, own)]));
}

/** A key at which “another run” is this very one. */
function ofOwnRun(done: Done, own: ReadonlySet<string>): Done {
  if ('error' in done) return done;
  const { outputs } = done;
  const { status, key } = outputs;
  if (status !== 'in_progress' || typeof key !== 'string' || !own.has(key)) return done;
  const told = `Another item of this run has claimed ${namedKey(key, Date.now())}, and is at work on it.`;
  const message = outputs['would_have_stopped'] === true ? `${WENT_ON} ${told}` : told;
  return { ...done, outputs: { ...outputs, message } };
}

async function attempt<T extends object>(work: () => Promise<T>): Promise<T | { readonly error: unknown }> {
  try {
    return await work();
  } catch (error) {
    return { error };
  }
}
