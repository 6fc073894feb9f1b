import type {
  IDataObject,
  IExecuteData,
  IExecuteFunctions,
  INodeExecutionData,
  IRunData,
  IRunExecutionData,
  ISourceData,
} from 'n8n-workflow';
import { linksOf } from './links.ts';

/* What n8n knows of the execution and shows to no node. Should it not be there any more, nothing is known, and nothing is guessed. */

const ofExecution = (node: IExecuteFunctions): IRunExecutionData | null =>
  (node as unknown as { runExecutionData?: IRunExecutionData | null }).runExecutionData ?? null;

/**
 * Whether a person runs the workflow to try it. A workflow that another one starts has a mode of its own, whoever started that one.
 * n8n keeps the mode of the first beside it; after a wait only that of the workflow which started this one.
 */
export function isTrial(node: IExecuteFunctions): boolean {
  const { additionalData } = node as unknown as { additionalData?: { rootExecutionMode?: unknown } };
  const startedBy = ofExecution(node)?.parentExecution?.executionContext?.source;
  const mode = additionalData?.rootExecutionMode ?? startedBy ?? node.getMode();
  return mode === 'manual' || mode === 'evaluation';
}

/** What the steps that ran before gave. */
export const runDataOf = (node: IExecuteFunctions): IRunData => ofExecution(node)?.resultData.runData ?? {};

/** Items that a step has yet to work on, each by the output that it came from. */
export interface Waiting {
  readonly step: string;
  readonly items: readonly { readonly source: ISourceData; readonly item: number }[];
}

/** So many tell: what one item was made into stands side by side, and a loop asks in each of its rounds. */
const NEXT = 100;

/** What is still to run after this step: other branches, which n8n runs one after the other, and rounds of loops. */
export function waitingIn(node: IExecuteFunctions): readonly Waiting[] {
  const { nodeExecutionStack = [], contextData = {} } = ofExecution(node)?.executionData ?? {};
  return [
    ...nodeExecutionStack.map((entry) => ({ step: entry.node.name, items: inputOf(entry).slice(0, NEXT) })),
    ...Object.entries(contextData).flatMap(([name, context]) => {
      const items = leftIn(context);
      return items.length === 0 ? [] : [{ step: name.replace(/^node:/, ''), items }];
    }),
  ];
}

/** Whether the last round of a Loop Over Items has begun. */
export const isLastRound = (node: IExecuteFunctions, loop: string): boolean =>
  ofExecution(node)?.executionData?.contextData[`node:${loop}`]?.['noItemsLeft'] === true;

const inputOf = ({ data, source }: IExecuteData): Waiting['items'] =>
  (data['main'] ?? []).flatMap((items, input) => {
    const from = source?.['main']?.[input];
    return from && items ? items.map((_, item) => ({ source: from, item })) : [];
  });

/** The items that a Loop Over Items has not given out yet. */
function leftIn({ items, sourceData }: IDataObject): Waiting['items'] {
  const from = sourceData as unknown as ISourceData | null | undefined;
  if (!from || !Array.isArray(items)) return [];
  return (items as unknown as INodeExecutionData[])
    .slice(0, NEXT)
    .flatMap((each) => linksOf(each).map(({ item }) => ({ source: from, item })));
}

const LOOP_OVER_ITEMS = 'n8n-nodes-base.splitInBatches';

/** The name of the Loop Over Items in which the node stands. */
export function loopAround(node: IExecuteFunctions): string | undefined {
  const { name } = node.getNode();
  const behind = new Set(node.getChildNodes(name).map((each) => each.name));
  return node.getParentNodes(name).find((each) => each.type === LOOP_OVER_ITEMS && behind.has(each.name))
    ?.name;
}
