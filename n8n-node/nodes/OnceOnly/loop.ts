import type { IExecuteFunctions } from 'n8n-workflow';

const LOOP_OVER_ITEMS = 'n8n-nodes-base.splitInBatches';

/** The name of the Loop Over Items in which the node stands. */
export function loopAround(node: IExecuteFunctions): string | undefined {
  const { name } = node.getNode();
  const behind = new Set(node.getChildNodes(name).map((each) => each.name));
  return node.getParentNodes(name).find((each) => each.type === LOOP_OVER_ITEMS && behind.has(each.name))
    ?.name;
}
