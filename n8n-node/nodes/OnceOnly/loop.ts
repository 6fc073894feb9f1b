import type { Json } from '@onceonly/shared';
import type { IExecuteFunctions } from 'n8n-workflow';

const LOOP_OVER_ITEMS = 'n8n-nodes-base.splitInBatches';

/** The name of the Loop Over Items in which the node stands. */
export function loopAround(node: IExecuteFunctions): string | undefined {
  const { name } = node.getNode();
  const behind = new Set(node.getChildNodes(name).map((each) => each.name));
  return node.getParentNodes(name).find((each) => each.type === LOOP_OVER_ITEMS && behind.has(each.name))
    ?.name;
}

/** What the node has claimed in the rounds of its loop so far: it would wait for itself, and in vain. */
export interface Rounds {
  has(key: string): boolean;
  add(outputs: Readonly<Record<string, Json>>): void;
}

/** Kept with the execution by n8n; outside of a loop nothing is. */
export function roundsOf(node: IExecuteFunctions): Rounds {
  if (loopAround(node) === undefined) return { has: () => false, add: () => undefined };
  const context = node.getContext('node') as { claimed?: Record<string, true> };
  const claimed = (context.claimed ??= {});
  return {
    has: (key) => Object.hasOwn(claimed, key),
    add: ({ proceed, key }) => {
      if (proceed === true && typeof key === 'string') claimed[key] = true;
    },
  };
}
