import { defaultOf, operations, type OperationId } from '@onceonly/shared';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { refuse } from './end-of-run.ts';
import { watches } from './node-parameters.ts';
import { loopAround } from './execution.ts';

/** Before anything is claimed: refuses a place in the workflow where a stopped item would do harm, and says what to change. */
export function checkSettings(node: IExecuteFunctions, id: OperationId): void {
  if (watches(node, id)) return;
  if (node.getNode().alwaysOutputData === true) {
    refuse(
      node,
      'Nothing was claimed: “Always Output Data” is on, so the next steps would run for duplicates too, with an empty item. Switch it off in the settings of this node.',
    );
  }
  const loop = loopAround(node);
  if (loop !== undefined && mayStop(node, id)) {
    refuse(
      node,
      `Nothing was claimed: in a loop, a stopped item would end the loop, and the items after it would be lost. Set “When It Is a Duplicate” to “Send to the Duplicate Output”, and connect that output back to “${loop}”.`,
    );
  }
}

const NONE: IDataObject = {};

/** Whether an item may end in the node: a duplicate, or one at which another run is at work. */
function mayStop(node: IExecuteFunctions, id: OperationId): boolean {
  const onDuplicate = node.getNodeParameter('on_duplicate', 0);
  if (onDuplicate !== 'continue') return onDuplicate === 'stop';
  const field = operations[id].fields.find((each) => each.id === 'while_in_progress');
  if (field === undefined) return false;
  const { while_in_progress: chosen } = node.getNodeParameter('options', 0, NONE);
  return (chosen ?? defaultOf(field, 'n8n')) === 'stop';
}
