import type { OperationId } from '@onceonly/shared';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sayOf, type End, type Outputs } from './end-of-run.ts';
import { claimsOf, type Mark } from './execution-claims.ts';
import { decides, isFinishing } from './overlay.ts';
import type { ItemOutcome } from './perform.ts';

/** An item with what became of it. */
export interface Settled {
  readonly item: INodeExecutionData;
  readonly outcome: ItemOutcome;
  readonly end: End;
}

/**
 * The node's outputs: what goes on, as it came, with the outputs in its field; and, where it exists, the Duplicate output.
 * Of what failed, a claim gives nothing to what follows: whoever was not checked does not go on.
 */
export function outputsOf(
  node: IExecuteFunctions,
  id: OperationId,
  settled: readonly Settled[],
): INodeExecutionData[][] {
  const hasErrorOutput = node.getNode().onError === 'continueErrorOutput';
  const goingOn: INodeExecutionData[] = [];
  const duplicates: INodeExecutionData[] = [];
  const claims = claimsOf(node);
  settled.forEach(({ item, outcome, end }, index) => {
    const { outputField, hasDuplicateOutput } = outcome.settings;
    const goesOn = (json: IDataObject): INodeExecutionData => ({
      json,
      ...(item.binary && { binary: item.binary }),
      pairedItem: { item: index },
    });
    const wentOn = (outputs: Outputs): INodeExecutionData => {
      const mark = markFor(id, outcome, outputs);
      if (mark !== undefined) claims.note(index, mark);
      return goesOn(withOutputs(item, outputField, outputs));
    };
    switch (end.kind) {
      case 'goes on':
      case 'late':
        goingOn.push(wentOn(end.outputs));
        return;
      case 'not held':
        goingOn.push(goesOn(item.json));
        return;
      case 'stops':
        if (hasDuplicateOutput) duplicates.push(wentOn(end.outputs));
        return;
      case 'fails':
        // n8n moves an item that holds nothing but an error to the error output, and adds the item it came from.
        if (hasErrorOutput) goingOn.push(goesOn({ error: end.message }));
        else if (!decides(id)) goingOn.push(goesOn({ ...item.json, error: end.message }));
        return;
    }
  });
  return settled.some(({ outcome }) => outcome.settings.hasDuplicateOutput)
    ? [goingOn, duplicates]
    : [goingOn];
}

/** An agent is always answered in a sentence: an empty list would tell it nothing. */
export const answersOf = (id: OperationId, ends: readonly End[]): INodeExecutionData[] =>
  ends.map((end, index) => {
    const { message, outputs } = answerOf(end, id);
    const known = Object.entries(outputs).filter(([, value]) => value !== null);
    return { json: { message, ...Object.fromEntries(known) }, pairedItem: { item: index } };
  });

function answerOf(end: End, id: OperationId): { readonly message: string; readonly outputs: Outputs } {
  if (end.kind === 'fails') return { message: end.message, outputs: decides(id) ? { proceed: false } : {} };
  if (end.kind === 'not held') return { message: end.message, outputs: {} };
  return { message: sayOf(end.outputs), outputs: end.outputs };
}

const withOutputs = ({ json }: INodeExecutionData, field: string, outputs: Outputs): IDataObject =>
  field === '' ? json : { ...json, [field]: outputs };

function markFor(id: OperationId, outcome: ItemOutcome, outputs: Outputs): Mark | undefined {
  if (id === 'claimKey') {
    const token = outputs['claim_token'];
    return { claim_token: typeof token === 'string' ? token : null };
  }
  if (!isFinishing(id)) return undefined;
  if ('with' in outcome) return { finished: [], whole: true };
  if (!('tokens' in outcome)) return undefined;
  return { finished: outcome.tokens, ...(outcome.settings.finishesExecution && { whole: true }) };
}
