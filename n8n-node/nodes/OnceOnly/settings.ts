import type { IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { refuse } from './errors.ts';

const LOOP_OVER_ITEMS = 'n8n-nodes-base.splitInBatches';

/** Before anything is claimed: refuses a place in the workflow where a stopped item would do harm, and says what to change. */
export function checkSettings(node: IExecuteFunctions): void {
  const { name, alwaysOutputData } = node.getNode();
  if (alwaysOutputData === true) {
    const why = 'with it, the steps that follow would run for duplicates as well, with an empty item';
    refuse(
      node,
      `Switch off "Always Output Data" in the settings of this node: ${why}. Nothing was claimed.`,
    );
  }
  const loop = loopAround(node.getParentNodes(name), node.getChildNodes(name));
  if (loop !== undefined && node.getNodeParameter('on_duplicate', 0) === 'stop') {
    const todo = `Set "When It Is a Duplicate" to "Send to the Duplicate Output", and lead that output back to "${loop}"`;
    const why = 'a round without an item would end the loop, and the items after it would never be looked at';
    refuse(node, `${todo}: ${why}. Nothing was claimed.`);
  }
}

function loopAround(
  before: readonly NodeTypeAndVersion[],
  after: readonly NodeTypeAndVersion[],
): string | undefined {
  const behind = new Set(after.map(({ name }) => name));
  return before.find(({ type, name }) => type === LOOP_OVER_ITEMS && behind.has(name))?.name;
}
