import { createHash } from 'node:crypto';
import type { RunContext } from '@onceonly/shared';
import type { IExecuteFunctions } from 'n8n-workflow';
import { runIndexOf } from './execution-claims.ts';

/** An execution as claims name it, so that an error workflow, which sees no item, can fail all of them. */
export const runOf = (workflowId: string, executionId: string): string => `n8n:${workflowId}:${executionId}`;

/** What tells one run of the node for one item from every other. */
export interface Place {
  readonly instanceId: string;
  readonly workflowId: string;
  readonly executionId: string;
  readonly nodeId: string;
  /** Rounds of a loop, and an agent's repeated calls, differ in nothing else. */
  readonly runIndex: number;
  readonly itemIndex: number;
}

/** The same for the same place, as Retry on Fail keeps all of it; a hash, since the parts are longer than a name may be. */
export function holderOf(place: Place): string {
  const { instanceId, workflowId, executionId, nodeId, runIndex, itemIndex } = place;
  const parts = JSON.stringify([instanceId, workflowId, executionId, nodeId, runIndex, itemIndex]);
  return `n8n:${createHash('sha256').update(parts).digest('hex')}`;
}

/** The run that claims, for each item; an execution without an id has none, and then each claim is a holder of its own. */
export function contextsOf(node: IExecuteFunctions): (itemIndex: number) => RunContext {
  const executionId: string | undefined = node.getExecutionId();
  if (!executionId) return () => ({});
  const workflowId = node.getWorkflow().id ?? '';
  const where = { instanceId: node.getInstanceId(), workflowId, executionId, nodeId: node.getNode().id };
  const runIndex = runIndexOf(node);
  const run = runOf(workflowId, executionId);
  return (itemIndex) => ({ holder: holderOf({ ...where, runIndex, itemIndex }), run });
}

/** Whether an AI agent calls the node: n8n makes a second node type of it for that. */
export const isTool = (node: IExecuteFunctions): boolean => node.getNode().type.endsWith('Tool');
