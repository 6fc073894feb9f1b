import type { Json, Then } from '@onceonly/shared';
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Done, ItemOutcome } from './perform.ts';

export type Outputs = Readonly<Record<string, Json>>;

/** What becomes of an item. */
export type End =
  | { readonly kind: 'goes on'; readonly outputs: Outputs }
  /** The work is done, but another run has taken over: goes on as well, and people are told. */
  | { readonly kind: 'late'; readonly outputs: Outputs }
  | { readonly kind: 'stops'; readonly outputs: Outputs }
  /** A duplicate that was let through: there is no claim to finish, and the item goes on as it came. */
  | { readonly kind: 'not held' }
  | { readonly kind: 'fails'; readonly message: string };

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

/** What the operation's outcome does to its item; where it finished several claims, the gravest outcome counts. */
export function endOf(outcome: ItemOutcome): End {
  if ('error' in outcome) return { kind: 'fails', message: messageOf(outcome.error) };
  if ('notHeld' in outcome) return { kind: 'not held' };
  const ends = outcome.performed.map(endOfOne);
  const gravest = ['fails', 'late', 'stops', 'goes on']
    .map((kind) => ends.find((end) => end.kind === kind))
    .find((end) => end !== undefined);
  if (gravest === undefined) return { kind: 'fails', message: 'Nothing was answered for this item.' };
  if (gravest.kind === 'fails' || ends.length === 1) return gravest;
  const claims = ends.flatMap((end) => (end.kind === 'fails' ? [] : [end.outputs]));
  return { ...gravest, outputs: { ...gravest.outputs, claims } };
}

function endOfOne(done: Done): Told {
  if ('error' in done) return { kind: 'fails', message: messageOf(done.error) };
  const { outputs, then } = done;
  const kind = KINDS[then];
  return kind === 'fails' ? { kind, message: sayOf(outputs) } : { kind, outputs };
}

export const NOT_HELD =
  'This item is a duplicate that was let through: its run holds no claim, so there was nothing to finish.';

export const sayOf = ({ message }: Outputs): string => (typeof message === 'string' ? message : '');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Failed {
  readonly itemIndex: number;
  readonly failed: number;
  readonly of: number;
  /** Whether the keys that the other items had claimed were released. */
  readonly isGivenBack: boolean;
}

/** What stops the workflow, with the item that did it. */
export function failure(
  node: IExecuteFunctions,
  message: string,
  { itemIndex, failed, of, isGivenBack }: Failed,
): NodeOperationError {
  const others = isGivenBack
    ? 'the keys that the others had claimed are free again'
    : 'what was asked for the others is done';
  const description = `${failed} of ${of} items could not go on, so none did, and ${others}. To let the others go on, set On Error to "Continue (using error output)".`;
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
