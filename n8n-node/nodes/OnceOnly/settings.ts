import { defaultOf, operations, type OperationId } from '@onceonly/shared';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { refuse } from './end-of-run.ts';
import { watches } from './node-parameters.ts';
import { loopAround } from './execution.ts';

/** Before anything is claimed: refuses a place in the workflow where a stopped item would do harm, and says what to change. */
export function checkSettings(node: IExecuteFunctions, id: OperationId): void {
  if (watches(node, id)) return;
  if (node.getNode().alwaysOutputData === true) {
    const why = 'with it, the steps that follow would run for duplicates as well, with an empty item';
    refuse(
      node,
      `Switch off "Always Output Data" in the settings of this node: ${why}. Nothing was claimed.`,
    );
  }
  const loop = loopAround(node);
  if (loop !== undefined && mayStop(node, id)) {
    const todo = `Set "When It Is a Duplicate" to "Send to the Duplicate Output", and lead that output back to "${loop}"`;
    const why = 'a round without an item would end the loop, and the items after it would never be looked at';
    refuse(node, `${todo}: ${why}. Nothing was claimed.`);
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
