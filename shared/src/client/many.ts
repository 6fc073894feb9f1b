import { OnceOnlyError } from '../errors.ts';
import { operations, type OperationId } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import { readToken } from '../token.ts';
import { attempt, isRefused } from './items.ts';
import { unanswered } from './claim.ts';
import { claimMany } from './claim-many.ts';
import { completeMany } from './complete-many.ts';
import { readOutputs } from './translate.ts';
import type { Item, ManyTools, Performed } from './items.ts';
import { isUnclear } from './send.ts';

/** How many items are performed at the same time without batches. */
const AT_ONCE = 5;

/**
 * Performs an operation for many items. Each has its own outcome, in order, and a failed item does not affect the others. Claims
 * and completions go in batches if the service supports them. Once the service gives no answer, the rest is not tried.
 */
export async function performMany(
  tools: ManyTools,
  id: OperationId,
  items: readonly Item[],
): Promise<readonly Performed[]> {
  // A watched token needs no request, so these items succeed even if the service cannot be reached.
  const watched = new Map<Item, Performed>();
  for (const item of items.filter(isWatched)) {
    watched.set(item, await attempt(() => tools.perform(id, item.inputs, item.context)));
  }
  const rest = items.filter((item) => !watched.has(item));
  const others = await performAsked(tools, id, rest);
  const asked = new Map(rest.map((item, nth) => [item, others[nth]]));
  return items.flatMap((item) => watched.get(item) ?? asked.get(item) ?? []);
}

const isWatched = ({ inputs: { claim_token: token } }: Item): boolean =>
  typeof token === 'string' && readToken(token).kind === 'watched';

async function performAsked(
  tools: ManyTools,
  id: OperationId,
  items: readonly Item[],
): Promise<readonly Performed[]> {
  if (items.length < 2 || (id !== 'claimKey' && id !== 'completeKey')) return inTurns(tools, id, items);
  const call = tools.startCall({});
  const batches = await attempt(() => call.capabilities.has('batch', call.deadlineAt));
  if (isRefused(batches)) return Promise.all(items.map((item) => untried(tools, id, item, batches.error)));
  if (!batches) return inTurns(tools, id, items);
  return id === 'claimKey'
    ? claimMany(tools, call, items)
    : completeMany(tools, call, items, (rest) => inTurns(tools, id, rest));
}

/** Performs the items one by one, a few at the same time. */
export async function inTurns(
  tools: Pick<ManyTools, 'startCall' | 'perform' | 'read' | 'name'>,
  id: OperationId,
  items: readonly Item[],
): Promise<readonly Performed[]> {
  const performed = new Map<number, Performed>();
  let silence: OnceOnlyError | undefined;
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, { inputs, context }] of queue) {
      const one = await attempt(() => tools.perform(id, inputs, context));
      performed.set(index, one);
      silence ??= silenceIn(one);
      if (silence) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  const error = silence ?? new OnceOnlyError('no_answer');
  return Promise.all(
    items.map(async (item, index) => performed.get(index) ?? (await untried(tools, id, item, error))),
  );
}

function silenceIn(one: Performed): OnceOnlyError | undefined {
  if (isRefused(one)) return isUnclear(one.error) ? one.error : undefined;
  return one.outputs['status'] === 'unprotected' ? new OnceOnlyError('no_answer') : undefined;
}

/** The outcome of an item that was not tried, because the service gave no answer to another one. */
function untried(
  tools: Pick<ManyTools, 'startCall' | 'read' | 'name'>,
  id: OperationId,
  { inputs, context }: Item,
  error: OnceOnlyError,
): Promise<Performed> {
  return attempt(() => {
    if (id !== 'claimKey' && id !== 'lockKey') throw error;
    const operation: Operation = operations[id];
    const read = tools.name(operation, tools.read(operation, inputs));
    const { newId, timing } = tools.startCall({});
    const answer = unanswered(read, context?.holder ?? newId(), error);
    return readOutputs(operation, read, answer, timing.now());
  });
}
