import { STOPPED, type Json, type Then } from '@onceonly/shared';
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Done, ItemOutcome } from './perform.ts';
import type { Nothing } from './tokens.ts';

export type Outputs = Readonly<Record<string, Json>>;

/** What becomes of an item. */
export type End =
  | { readonly kind: 'goes on'; readonly outputs: Outputs }
  /** The work is done, but another run has taken over: goes on as well, and people are told. */
  | { readonly kind: 'late'; readonly outputs: Outputs }
  | { readonly kind: 'stops'; readonly outputs: Outputs }
  /** There is no claim to finish, and the item goes on as it came. */
  | { readonly kind: 'not held'; readonly message: string }
  | {
      readonly kind: 'fails';
      readonly message: string;
      /** Whether another run is at work on what it is about, of which it is no duplicate. */
      readonly waits?: boolean;
    };

type Told = Exclude<End, { readonly kind: 'not held' }>;

const KINDS: Readonly<Record<Then, Told['kind']>> = {
  continue: 'goes on',
  late: 'late',
  lost: 'late',
  stop: 'stops',
  // n8n tries again where the node throws and Retry On Fail is on.
  retry_later: 'fails',
  tell: 'fails',
};

/** What the operation's outcome does to each item. */
export function endsOf(outcomes: readonly ItemOutcome[]): readonly End[] {
  const ends: End[] = [];
  for (const outcome of outcomes) {
    const first = 'with' in outcome ? ends[outcome.with] : undefined;
    ends.push(first === undefined ? ofItem(endOf(outcome), outcome) : withoutClaims(first));
  }
  return ends;
}

/** The list of all claims stands in one item: in each of them it would be as long again. */
function withoutClaims(end: End): End {
  if (!('outputs' in end) || end.outputs['claims'] === undefined) return end;
  const others = Object.entries(end.outputs).filter(([name]) => name !== 'claims');
  return { ...end, outputs: Object.fromEntries(others) };
}

/** What stops on n8n is an item, and not the run. */
function ofItem(end: End, { settings }: ItemOutcome): End {
  if (end.kind !== 'stops') return end;
  const stopped = settings.hasDuplicateOutput ? ' It left by the Duplicate output.' : ' This item stopped.';
  return { ...end, outputs: { ...end.outputs, message: sayOf(end.outputs).replace(STOPPED, stopped) } };
}

/** Where several claims were finished, the gravest outcome counts. */
function endOf(outcome: ItemOutcome): End {
  if ('error' in outcome) return { kind: 'fails', message: messageOf(outcome.error) };
  if ('nothing' in outcome) return { kind: 'not held', message: NOTHING[outcome.nothing] };
  if ('with' in outcome) return { kind: 'fails', message: NO_ANSWER };
  const ends = outcome.performed.map(endOfOne);
  const gravest = ['fails', 'late', 'stops', 'goes on']
    .map((kind) => ends.find((end) => end.kind === kind))
    .find((end) => end !== undefined);
  if (gravest === undefined) return { kind: 'fails', message: NO_ANSWER };
  if (gravest.kind === 'fails' || ends.length === 1) return gravest;
  const claims = ends.flatMap((end) => (end.kind === 'fails' ? [] : [end.outputs]));
  const message = `${sayOf(gravest.outputs)} It is one of ${ends.length} claims. The list is in “claims”, in the first item of this output that has it.`;
  return { ...gravest, outputs: { ...gravest.outputs, message, claims } };
}

function endOfOne(done: Done): Told {
  if ('error' in done) return { kind: 'fails', message: messageOf(done.error) };
  const { outputs, then } = done;
  const kind = KINDS[then];
  if (kind !== 'fails') return { kind, outputs };
  return { kind, message: sayOf(outputs), waits: typeof outputs['waits_for'] === 'string' };
}

const NOTHING: Readonly<Record<Nothing, string>> = {
  duplicate:
    'This item is a duplicate that was let through. It has no claim, so there was nothing to finish.',
  finished: 'Nothing was left to finish: every claim of this execution was finished before.',
};

const NO_ANSWER = 'Nothing was answered for this item.';

export const sayOf = ({ message }: Outputs): string => (typeof message === 'string' ? message : '');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Failed {
  readonly itemIndex: number;
  readonly failed: number;
  readonly of: number;
  /** Whether one of them waits for its turn. */
  readonly waits: boolean;
  /** Whether the keys that the other items had claimed were released. */
  readonly isGivenBack: boolean;
}

/** One item waits while no other is held up. */
const IN_LOOP =
  ' In a Loop Over Items with a batch size of 1, each item waits as long as Wait for Its Turn says.';

/** What stops the workflow, with the item that did it. */
export function failure(
  node: IExecuteFunctions,
  message: string,
  { itemIndex, failed, of, waits, isGivenBack }: Failed,
): NodeOperationError {
  const others = isGivenBack ? 'the keys of the others are free again' : 'the others are done';
  const description = `${failed} of ${of} items could not go on, so none did; ${others}. To let the others go on, set On Error to "Continue (using error output)".${waits ? IN_LOOP : ''}`;
  return new NodeOperationError(node.getNode(), message, {
    itemIndex,
    ...(of > 1 && { description }),
  });
}

/** Ends the workflow, whatever On Error says: under "Continue", n8n would pass on the very items at which a node throws. */
export function refuse(node: IExecuteFunctions, message: string): never {
  const own = node.getExecuteData().node;
  own.onError = 'stopWorkflow';
  own.continueOnFail = false;
  throw new NodeOperationError(node.getNode(), message);
}
