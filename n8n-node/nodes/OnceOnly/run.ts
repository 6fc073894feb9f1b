import { readToken, type OperationId } from '@onceonly/shared';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { openClient } from './open-client.ts';
import { endsOf, failure } from './end-of-run.ts';
import { addHints } from './hints.ts';
import { answersOf, outputsOf } from './items.ts';
import { decides } from './overlay.ts';
import { isTool } from './holder.ts';
import { performAll, type ItemOutcome } from './perform.ts';
import { checkSettings } from './settings.ts';

/**
 * One run of the node. Throws where an item failed and n8n is to stop: then nothing goes on, and what the other items
 * had claimed is given back. Where n8n is to continue it does not throw, since n8n would pass on the items as they came.
 */
export async function run(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const id = node.getNodeParameter('operation', 0) as OperationId;
  const items = node.getInputData();
  if (decides(id) && !isTool(node)) checkSettings(node, id);

  const outcomes = await performAll(node, id, items);
  const ends = endsOf(outcomes);
  if (isTool(node)) return [answersOf(id, ends)];

  const failed = ends.filter((end) => end.kind === 'fails').length;
  const first = ends.find((end) => end.kind === 'fails');
  if (first !== undefined && !node.continueOnFail()) {
    if (decides(id)) await giveBack(node, outcomes);
    const itemIndex = ends.indexOf(first);
    const waits = ends.some((end) => end.kind === 'fails' && end.waits === true);
    throw failure(node, first.message, {
      itemIndex,
      failed,
      of: ends.length,
      waits,
      isGivenBack: decides(id),
    });
  }
  const settled = items.flatMap((item, index) => {
    const [outcome, end] = [outcomes[index], ends[index]];
    return outcome && end ? [{ item, outcome, end }] : [];
  });
  const outputs = outputsOf(node, id, settled);
  addHints(node, id, outcomes, ends);
  return outputs;
}

/** Otherwise the keys would stay claimed by a run that does no work. One that cannot be given back ends by its time. */
async function giveBack(node: IExecuteFunctions, outcomes: readonly ItemOutcome[]): Promise<void> {
  const held = outcomes.flatMap((outcome) => {
    if (!('performed' in outcome)) return [];
    return outcome.performed.flatMap((done) => {
      const token = 'outputs' in done ? done.outputs['claim_token'] : null;
      return typeof token === 'string' && readToken(token).kind === 'lease' ? [token] : [];
    });
  });
  if (held.length === 0) return;
  const client = await openClient(node);
  const reason = 'Another item of the same run failed.';
  await client.performMany(
    'releaseKey',
    held.map((token) => ({ inputs: { claim_token: token, reason } })),
  );
}
