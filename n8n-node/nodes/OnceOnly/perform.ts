import { operations, readToken, type Client, type OperationId, type Performed } from '@onceonly/shared';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { openClient } from './client.ts';
import { contextsOf, isTool } from './holder.ts';
import { openParameters, type ReadParameters, type Settings } from './inputs.ts';
import { roundsOf } from './loop.ts';
import { decides, finishes } from './overlay.ts';
import { DEFAULT_OUTPUT_FIELD } from './properties.ts';
import { openTokens, type Found, type TokensOf } from './tokens.ts';
import { exactContentOf, reading, withDelivery } from './webhook-item.ts';

/** What became of one item. */
export type ItemOutcome = { readonly settings: Settings } & (
  | {
      readonly performed: readonly Done[];
      readonly tokens: readonly string[];
      readonly failedSteps: readonly string[];
      /** Whether it was a test, which changed nothing. */
      readonly preview: boolean;
    }
  /** A duplicate that was let through: there is nothing to finish. */
  | { readonly notHeld: true }
  /** Nothing was sent for it, or the credential cannot be used. */
  | { readonly error: unknown }
);

export type Done = Exclude<Performed, { readonly error: unknown }> | { readonly error: unknown };

interface Task {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly itemIndex: number;
  /** As an editor's test does: nothing is claimed or changed. */
  readonly preview: boolean;
}

type Prepared = { readonly settings: Settings } & (
  { readonly notHeld: true } | ({ readonly names: readonly string[] } & Found) | { readonly error: unknown }
);

/** What the items of one run share. */
interface Tools {
  readonly read: ReadParameters;
  readonly tokensOf: TokensOf;
  readonly tasks: Map<string, Task>;
}

const NO_SETTINGS: Settings = {
  outputField: DEFAULT_OUTPUT_FIELD,
  claimsInManualRuns: false,
  finishesExecution: false,
  hasDuplicateOutput: false,
};

/** Performs the operation for every item, each with its own outcome. Throws nothing: what fails is an item's outcome. */
export async function performAll(
  node: IExecuteFunctions,
  id: OperationId,
  items: readonly INodeExecutionData[],
): Promise<readonly ItemOutcome[]> {
  const tasks = new Map<string, Task>();
  const prepared: Prepared[] = [];
  const tools: Tools = { read: openParameters(node, operations[id]), tokensOf: openTokens(node), tasks };
  for (const [itemIndex, item] of items.entries()) {
    prepared.push(await prepare(node, id, item, itemIndex, tools));
  }
  const done = await attempt(async () => performTasks(node, await openClient(node), id, tasks));
  return prepared.map((one) => {
    if ('error' in one || 'notHeld' in one) return one;
    if ('error' in done) return { settings: one.settings, error: done.error };
    const performed = one.names.flatMap((name) => done.get(name) ?? []);
    const preview = one.names.some((name) => tasks.get(name)?.preview);
    const { settings, tokens, failedSteps } = one;
    return { settings, performed, tokens, failedSteps, preview };
  });
}

/** One task an item; where items share a claim that is to be finished, one a claim. */
async function prepare(
  node: IExecuteFunctions,
  id: OperationId,
  item: INodeExecutionData,
  itemIndex: number,
  { read, tokensOf, tasks }: Tools,
): Promise<Prepared> {
  let settings = NO_SETTINGS;
  try {
    const content = await exactContentOf(node, item, itemIndex);
    const entered = reading(item, content, () => read(itemIndex));
    ({ settings } = entered);
    const inputs = await withDelivery(node, item, itemIndex, content, entered.inputs);
    const manual = node.getMode() === 'manual';
    const add = (name: string, task: Omit<Task, 'itemIndex'>): string => {
      if (!tasks.has(name)) tasks.set(name, { ...task, itemIndex });
      return name;
    };
    if (finishes(id) && !inputs['run']) {
      const { finishesExecution: whole } = settings;
      const { tokens, failedSteps } = tokensOf(item, itemIndex, { entered: inputs['claim_token'], whole });
      if (tokens.length === 0) return { settings, notHeld: true };
      const names = tokens.map((token) => {
        const preview = manual && readToken(token).kind === 'test';
        return add(token, { inputs: { ...inputs, claim_token: token }, preview });
      });
      return { settings, names, tokens, failedSteps };
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
  const rounds = roundsOf(node);
  // Who waits for itself waits in vain: a model, or a later round of the loop.
  const waits = (key: string): boolean => !isTool(node) && !rounds.has(key);
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
      if (one === undefined) return;
      done.set(name, one);
      if (id === 'claimKey' && 'outputs' in one) rounds.add(one.outputs);
    });
  }
  return done;
}

async function attempt<T extends object>(work: () => Promise<T>): Promise<T | { readonly error: unknown }> {
  try {
    return await work();
  } catch (error) {
    return { error };
  }
}
